// Text in constant evaluation: a string as a template argument, and the name of an enumerator.
// Nothing of this is needed at run time unless a report or a diagram asks for it.
#pragma once

#include <cstddef>
#include <cstdint>

// Asks the compiler for one copy of a function, where it was asked for small code.
#if defined(__OPTIMIZE_SIZE__) && defined(__GNUC__)
#define CTSIP_ONE_COPY [[gnu::noinline]]
#else
#define CTSIP_ONE_COPY
#endif

namespace ctsip {

namespace detail {

// Whether the compiler was asked for small code rather than for fast code.
inline constexpr bool for_size =
#if defined(__OPTIMIZE_SIZE__)
    true;
#else
    false;
#endif

// What a view can be made of, and what can be made of a view: `std::string_view`, `std::string` …
template <class Text>
concept has_text = requires(Text const& t) {
  static_cast<char const*>(t.data());
  static_cast<std::size_t>(t.size());
};
template <class Text>
concept made_of_text = has_text<Text> && requires(char const* first, std::size_t size) {
  Text(first, size);
};
template <class Stream>
concept text_stream = requires(Stream& out, char const* first) {
  out.write(first, 1);
};

} // namespace detail

/// Text that somebody else owns. It converts from and to `std::string_view` and its like, whose
/// header costs more compile time than all the lower floors together.
class text_view {
 public:
  constexpr text_view() = default;
  constexpr text_view(char const* first, std::size_t size) : first_(first), size_(size) {}
  /// The text up to its closing zero.
  constexpr text_view(char const* text) : first_(text) {
    while (text[size_]) ++size_;
  }
  template <detail::has_text Text>
  constexpr text_view(Text const& text) : first_(text.data()), size_(text.size()) {}

  template <detail::made_of_text Text>
  constexpr operator Text() const {
    return Text(first_, size_);
  }

  constexpr char const* data() const { return first_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr char const* begin() const { return first_; }
  constexpr char const* end() const { return first_ + size_; }
  constexpr char const& operator[](std::size_t i) const { return first_[i]; }
  /// The text from a position on, which is in it or at its end; at most `most` bytes of it.
  constexpr text_view substr(std::size_t from,
                             std::size_t most = static_cast<std::size_t>(-1)) const {
    return {first_ + from, size_ - from < most ? size_ - from : most};
  }

  friend constexpr bool operator==(text_view a, text_view b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i != a.size_; ++i)
      if (a.first_[i] != b.first_[i]) return false;
    return true;
  }
  // Without this one, a comparison with `std::string_view` would be its as much as ours.
  template <detail::made_of_text Text>
  friend constexpr bool operator==(text_view a, Text const& b) {
    return a == text_view{b.data(), b.size()};
  }

  /// Writes the text to a stream: to anything that has `write(char const*, n)`.
  template <detail::text_stream Stream>
  friend Stream& operator<<(Stream& out, text_view text) {
    out.write(text.first_, static_cast<std::ptrdiff_t>(text.size_));
    return out;
  }

 private:
  char const* first_{};
  std::size_t size_{};
};

/// A string usable as a template argument. `Size` counts the closing zero.
template <std::size_t Size>
struct fixed_string {
  char text[Size]{};

  constexpr fixed_string() = default;
  constexpr fixed_string(char const (&literal)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
  }

  constexpr char const* c_str() const { return text; }
  constexpr char const* data() const { return text; }
  constexpr std::size_t size() const { return Size - 1; }

  friend constexpr bool operator==(fixed_string const&, fixed_string const&) = default;
};

namespace detail {

// std::index_sequence without <utility>, whose inclusion costs more than all of this library's
// lower floors.
template <std::size_t...>
struct index_list {};
#if defined(__clang__) || defined(_MSC_VER)
template <class, std::size_t... I>
using index_list_of = index_list<I...>;
template <std::size_t Count>
using make_index_list = __make_integer_seq<index_list_of, std::size_t, Count>;
#else
template <std::size_t Count>
using make_index_list = index_list<__integer_pack(Count)...>;
#endif

// One `char const*` for each number of a list.
template <std::size_t>
using same_for_each = char const*;

constexpr std::size_t length(char const* text) {
  std::size_t n = 0;
  while (text && text[n]) ++n;
  return n;
}

// Texts one behind the other, each of the length that is given for it.
template <std::size_t... Sizes>
constexpr auto joined_text(same_for_each<Sizes>... parts) {
  fixed_string<(Sizes + ... + 1)> joined;
  char* out = joined.text;
  auto const add = [&](char const* part, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) *out++ = part[i];
  };
  (add(parts, Sizes), ...);
  return joined;
}

// A number in decimal.
struct decimal {
  char digits[10]{};
  std::size_t size{};

  constexpr explicit decimal(std::uint32_t n) noexcept {
    std::uint32_t rest = n;
    do ++size;
    while (rest /= 10);
    for (std::size_t i = size; i-- > 0; n /= 10) digits[i] = static_cast<char>('0' + n % 10);
  }
  constexpr text_view text() const noexcept { return {digits, size}; }
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr bool same_text(char const* a, char const* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

// The compiler writes a template argument into the function's name as "V = ns::type::name]"
// (or "]" preceded by "; " and more); what stands between the last ':' , ' ' or ')' and the end
// is the name, or a number where the value names no enumerator.
template <auto V>
constexpr auto pretty_name() {
#if defined(_MSC_VER) && !defined(__clang__)
  constexpr char const* name = __FUNCSIG__;
  constexpr char const* mark = "pretty_name<";
  constexpr char end = '>';
#else
  constexpr char const* name = __PRETTY_FUNCTION__;
  constexpr char const* mark = "V = ";
  constexpr char end = ']';
#endif
  struct span {
    char const* first;
    std::size_t size;
  };
  std::size_t const mark_size = length(mark);
  char const* p = name;
  for (;; ++p) {
    std::size_t i = 0;
    while (i < mark_size && p[i] == mark[i]) ++i;
    if (i == mark_size) break;
  }
  p += mark_size;
  char const* first = p;
  for (; *p != end && *p != ';' && *p; ++p)
    if (*p == ':' || *p == ')' || *p == ' ') first = p + 1;
  return span{first, static_cast<std::size_t>(p - first)};
}

template <auto V>
constexpr auto make_enumerator_name() {
  constexpr auto found = pretty_name<V>();
  fixed_string<found.size + 1> result;
  for (std::size_t i = 0; i < found.size; ++i) result.text[i] = found.first[i];
  return result;
}

} // namespace detail

// clang before 17 crashes where it has to print a literal whose operator template takes an object,
// as in a static_assert that is false. There, the characters are taken one by one (an extension).
#if defined(__clang__) && __clang_major__ < 17
#define CTSIP_LITERAL_BY_CHARACTERS 1
#else
#define CTSIP_LITERAL_BY_CHARACTERS 0
#endif

namespace detail {

template <class Char, Char... Text>
inline constexpr fixed_string<sizeof...(Text) + 1> literal_text{{Text..., Char{}}};

} // namespace detail

/// The enumerator's own spelling, as in the source: `enumerator_name<timer::a>` is `"a"`.
template <auto V>
inline constexpr auto enumerator_name = detail::make_enumerator_name<V>();

/// Whether a value of an enumeration type names one of its enumerators.
template <auto V>
inline constexpr bool is_enumerator =
    !(enumerator_name<V>.text[0] >= '0' && enumerator_name<V>.text[0] <= '9') &&
    enumerator_name<V>.text[0] != '-';

} // namespace ctsip
