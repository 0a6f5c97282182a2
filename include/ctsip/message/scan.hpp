// The scanner under every reader of this folder: character classes, linear white space, quoted
// strings, numbers, and the search for the end of a line.
// RFC 3261 7.3.1 (folding), 25.1 (the basic rules whose names the classes bear).
//
// All of it works on a range of characters [p, end) that somebody else owns. White space in a
// header field value is always LWS: the reader has cut the value where its field ends, so each LF
// that is left inside belongs to a fold. A CR that does not is taken for white space too; where it
// matters `has_bare_cr` finds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <ctsip/vocabulary/text.hpp>

// Asks the compiler to put a function where it is called, unless it was asked for small code.
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define CTSIP_IN_PLACE [[gnu::always_inline]]
#else
#define CTSIP_IN_PLACE
#endif

namespace ctsip {

namespace detail {

// The end of a range whose iterators know when they are there.
struct range_end {};

// Classes of characters, RFC 3261 25.1, each one bit. Where code is to be fast they are types, so
// that a function that is given one is made for it and finds a character's class with a test in
// memory; where it is to be small they are numbers, and there is one function for all.
template <int Bit>
struct char_class {
  constexpr explicit char_class(int) {}
  constexpr operator int() const { return Bit; }
};
template <int Bit>
using char_class_argument = std::conditional_t<for_size, int, char_class<Bit>>;

// SP HTAB CR LF
inline constexpr char_class_argument<1> lws_char{1};
// token
inline constexpr char_class_argument<2> token_char{2};
// what may stand between "<" and ">": all but LWS and these two
inline constexpr char_class_argument<4> uri_char{4};
// hostname, and "_", which RFC 3986 3.2.2 allows and networks use
inline constexpr char_class_argument<8> host_char{8};
// word
inline constexpr char_class_argument<16> word_char{16};
// unreserved / user-unreserved; the three of URIs leave out "%", which starts an `escaped`
inline constexpr char_class_argument<32> user_char{32};
// unreserved / param-unreserved
inline constexpr char_class_argument<64> param_char{64};
// unreserved / hnv-unreserved
inline constexpr char_class_argument<128> hnv_char{128};
// no control character but HTAB
inline constexpr char_class_argument<256> text_char{256};
// what a URI that we write may hold: text without WSP, quotes, "<" and ">"
inline constexpr char_class_argument<512> sent_uri_char{512};
// qdtext
inline constexpr char_class_argument<1024> quoted_char{1024};
// of host [ ":" port ] and numeric addresses
inline constexpr char_class_argument<2048> sent_host_char{2048};

struct char_table {
  std::uint16_t classes[256]{};

  constexpr char_table() {
    for (int c = 0; c < 256; ++c)
      classes[c] =
          c < ' ' || c == 0x7f ? uri_char : uri_char | text_char | sent_uri_char | quoted_char;
    for (char const c : std::string_view{"\r\n"})
      classes[static_cast<unsigned char>(c)] = lws_char | quoted_char;
    for (char const c : std::string_view{" \t"})
      classes[static_cast<unsigned char>(c)] = lws_char | text_char | quoted_char;
    for (char const c : std::string_view{"<>"})
      classes[static_cast<unsigned char>(c)] = text_char | quoted_char;
    classes[static_cast<unsigned char>('"')] = uri_char | text_char;
    classes[static_cast<unsigned char>('\\')] = uri_char | text_char | sent_uri_char;
    for (int c = 0; c < 26; ++c) {
      alphanum(static_cast<char>('a' + c));
      alphanum(static_cast<char>('A' + c));
    }
    for (char c = '0'; c <= '9'; ++c) alphanum(c);
    for (char const c : std::string_view{"-.!%*_+`'~"}) set(c, token_char | word_char);
    for (char const c : std::string_view{"()<>:\\\"/[]?{}"}) set(c, word_char);
    for (char const c : std::string_view{"-._"}) set(c, host_char | sent_host_char);
    for (char const c : std::string_view{":[]"}) set(c, sent_host_char);
    for (char const c : std::string_view{"-_.!~*'()"}) set(c, user_char | param_char | hnv_char);
    for (char const c : std::string_view{"&=+$,;?/"}) set(c, user_char);
    for (char const c : std::string_view{"[]/:&+$"}) set(c, param_char);
    for (char const c : std::string_view{"[]/?:+$"}) set(c, hnv_char);
  }

 private:
  constexpr void set(char c, int bits) {
    auto& entry = classes[static_cast<unsigned char>(c)];
    entry = static_cast<std::uint16_t>(entry | bits);
  }
  constexpr void alphanum(char c) {
    set(c, token_char | host_char | word_char | user_char | param_char | hnv_char | sent_host_char);
  }
};

inline constexpr char_table char_classes{};

constexpr bool is_char(char c, int classes) {
  return (char_classes.classes[static_cast<unsigned char>(c)] & classes) != 0;
}
constexpr bool is_control(char c) { return !is_char(c, text_char); }
constexpr bool is_alpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
constexpr bool is_decimal(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_decimal(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
constexpr unsigned hex_value(char c) {
  return static_cast<unsigned>(is_decimal(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

constexpr std::string_view view(char const* first, char const* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

#if defined(__SSE2__)
using text_vector = char __attribute__((vector_size(16)));
using unsigned_vector = unsigned char __attribute__((vector_size(16)));
using signed_vector = signed char __attribute__((vector_size(16)));

template <class Vector>
Vector load_vector(char const* p) {
  Vector v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// One bit for each of 16 characters that has passed a comparison.
template <class Vector>
unsigned bits_of(Vector compared) {
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128(reinterpret_cast<text_vector>(compared)));
}

inline unsigned matches_in_vector(char const* p, char c) {
  return bits_of(load_vector<text_vector>(p) == text_vector{} + c);
}

// Which characters are from `first` to `last`. There is only a comparison of signed numbers, so
// they are moved up until `last` is the largest of these.
inline signed_vector in_range(unsigned_vector v, unsigned char first, unsigned char last) {
  auto const moved = v + static_cast<unsigned char>(127 - last);
  return reinterpret_cast<signed_vector>(moved) > static_cast<signed char>(126 - last + first);
}

// How many letters, digits, "-" and "." 16 characters begin with.
inline int count_plain(char const* p) {
  auto const v = load_vector<unsigned_vector>(p);
  auto const plain = in_range(v | static_cast<unsigned char>(0x20), 'a', 'z') |
                     in_range(v, '0', '9') | in_range(v, '-', '.');
  return __builtin_ctz(~bits_of(plain));
}
#endif

// The first character in [p, end) that is in none of the classes, or `end`.
template <class Classes>
constexpr char const* skip(char const* p, char const* end, Classes classes) {
  if constexpr (!for_size) {
    if (end - p >= 4) {
      char const* const last = end - 4;
      do {
        if (!is_char(p[0], classes)) return p;
        if (!is_char(p[1], classes)) return p + 1;
        if (!is_char(p[2], classes)) return p + 2;
        if (!is_char(p[3], classes)) return p + 3;
        p += 4;
      } while (p <= last);
    }
  }
  while (p != end && is_char(*p, classes)) ++p;
  return p;
}
// The same for what is often long. All classes but `lws_char` have the letters, the digits, "-" and
// ".", of which most texts consist.
template <class Classes>
constexpr char const* skip_long(char const* p, char const* end, Classes classes) {
#if defined(__SSE2__)
  if (!for_size && !__builtin_is_constant_evaluated()) {
    while (end - p >= 16) {
      p += count_plain(p);
      if (p == end || !is_char(*p, classes)) return p;
      ++p;
    }
  }
#endif
  return skip(p, end, classes);
}
constexpr char const* skip_lws(char const* p, char const* end) {
  while (p != end && is_char(*p, lws_char)) ++p;
  return p;
}
CTSIP_ONE_COPY constexpr char const* skip_digits(char const* p, char const* end) {
  while (p != end && is_decimal(*p)) ++p;
  return p;
}
constexpr char const* trim_right(char const* first, char const* end) {
  while (first != end && is_char(end[-1], lws_char)) --end;
  return end;
}
constexpr std::string_view trim(std::string_view s) {
  char const* const end = s.data() + s.size();
  char const* const first = skip_lws(s.data(), end);
  return view(first, trim_right(first, end));
}

// The piece of a text without its folds that begins at `at`, which is moved behind it. All of them
// are the text: `for (std::size_t at = 0; at < text.size();) … next_unfolded(text, at) …`. "The
// line break and the whitespace at the beginning of the next line are treated as a single SP
// character" (RFC 3261 7.3.1), and so is the white space before it: LWS = [*WSP CRLF] 1*WSP (25.1).
constexpr std::string_view next_unfolded(std::string_view text, std::size_t& at) {
  char const* const first = text.data() + at;
  char const* const end = text.data() + text.size();
  char const* last = first;
  while (last != end && *last != '\r' && *last != '\n') ++last;
  char const* const before = last == end ? end : trim_right(first, last);
  if (before != first) {
    at += static_cast<std::size_t>(before - first);
    return view(first, before);
  }
  at += static_cast<std::size_t>(skip_lws(first, end) - first);
  return " ";
}

template <class Classes>
constexpr bool all_of(std::string_view s, Classes classes) {
  return !s.empty() && skip(s.data(), s.data() + s.size(), classes) == s.data() + s.size();
}

// Tokens are case-insensitive (RFC 3261 7.3.1).
constexpr bool same_token(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    // The two cases of a letter differ in one bit.
    int const difference = a[i] ^ b[i];
    if (difference != 0 && (difference != 0x20 || !is_alpha(a[i]))) return false;
  }
  return true;
}

// `p` is at the opening quote; returns the position after the closing one, or null.
constexpr char const* skip_quoted(char const* p, char const* end) {
  for (++p; p != end; ++p) {
    if (is_char(*p, quoted_char)) continue;
    if (*p == '"') return p + 1;
    // quoted-pair: any octet of %x00-7F except CR and LF. A control character is nothing else.
    if (*p != '\\' || ++p == end || *p == '\r' || *p == '\n' ||
        static_cast<unsigned char>(*p) > 0x7f)
      return nullptr;
  }
  return nullptr;
}

// A machine word of text, so that eight characters (four on a 32-bit machine) are looked at in
// one go. Never used in constant evaluation.
using text_word = std::size_t;
template <class Word>
inline constexpr Word every_byte = static_cast<Word>(static_cast<Word>(~Word{0}) / 255);

template <class Word>
Word load(char const* p) {
  Word w;
  __builtin_memcpy(&w, p, sizeof w);
  return w;
}

// Nonzero when one of the word's characters is `c`. On a little-endian machine a borrow can only
// spoil bytes above the first match, so the lowest bit set is exact.
inline text_word find_in_word(text_word w, char c) {
  text_word const x = w ^ (every_byte<text_word> * static_cast<unsigned char>(c));
  return (x - every_byte<text_word>)&~x & (every_byte<text_word> * 0x80);
}

inline constexpr bool little_endian =
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    true;
#else
    false;
#endif

inline std::size_t first_match(text_word hit) {
  if constexpr (sizeof(text_word) == sizeof(unsigned long long))
    return static_cast<std::size_t>(__builtin_ctzll(hit)) >> 3;
  else
    return static_cast<std::size_t>(__builtin_ctzl(hit)) >> 3;
}

// The first `c` in [p, end), or `end`.
constexpr char const* find_char(char const* p, char const* end, char c) {
#if defined(__SSE2__)
  if (!__builtin_is_constant_evaluated() && end - p >= 16) {
    // The last 16 characters may be looked at in part a second time.
    char const* const last = end - 16;
    for (; p < last; p += 16) {
      if (unsigned const hits = matches_in_vector(p, c)) return p + __builtin_ctz(hits);
    }
    unsigned const hits = matches_in_vector(last, c);
    return hits ? last + __builtin_ctz(hits) : end;
  }
#else
  if (little_endian && !__builtin_is_constant_evaluated()) {
    for (; static_cast<std::size_t>(end - p) >= sizeof(text_word); p += sizeof(text_word)) {
      if (text_word const hit = find_in_word(load<text_word>(p), c)) return p + first_match(hit);
    }
  }
#endif
  while (p != end && *p != c) ++p;
  return p;
}

constexpr bool contains(std::string_view text, char c) {
  char const* const end = text.data() + text.size();
  return find_char(text.data(), end, c) != end;
}

// Whether there is a CR that ends no line: LWS = [*WSP CRLF] 1*WSP (25.1).
constexpr bool has_bare_cr(std::string_view text) {
  char const* const end = text.data() + text.size();
  for (char const* p = text.data(); (p = find_char(p, end, '\r')) != end; ++p)
    if (p + 1 == end || p[1] != '\n') return true;
  return false;
}

// Whether the characters of `a` are those of `b` but for the case of letters. `b` consists of
// letters, digits and hyphens: of these only letters have the bit 0x40, and 0x20 is their case.
template <class Word>
constexpr bool same_but_case(Word a, Word b) {
  Word const letters = static_cast<Word>((b & (every_byte<Word> * 0x40)) >> 1);
  return ((a ^ b) & ~letters) == 0;
}

// A text of `size` characters by its first and its last word, which cover it when it has no more
// than two.
template <class Word>
CTSIP_IN_PLACE inline bool same_ends(char const* a, char const* b, std::size_t size) {
  std::size_t const last = size - sizeof(Word);
  return same_but_case(load<Word>(a), load<Word>(b)) &&
         same_but_case(load<Word>(a + last), load<Word>(b + last));
}

// Whether `size` characters of a text are a known name, without regard to case. The known name `b`
// consists of letters, digits and hyphens; the text `a` may be anything. In place, because little
// is left of it where the name is written in the call.
CTSIP_IN_PLACE constexpr bool same_name(char const* a, char const* b, std::size_t size) {
  if (!for_size && !__builtin_is_constant_evaluated()) {
    for (; size > 2 * sizeof(text_word); size -= sizeof(text_word)) {
      if (!same_but_case(load<text_word>(a), load<text_word>(b))) return false;
      a += sizeof(text_word), b += sizeof(text_word);
    }
    if (size >= sizeof(text_word)) return same_ends<text_word>(a, b, size);
    if constexpr (sizeof(text_word) > sizeof(std::uint32_t))
      if (size >= sizeof(std::uint32_t)) return same_ends<std::uint32_t>(a, b, size);
    if (size >= sizeof(std::uint16_t)) return same_ends<std::uint16_t>(a, b, size);
  }
  for (std::size_t i = 0; i < size; ++i)
    if (!same_but_case(static_cast<std::uint8_t>(a[i]), static_cast<std::uint8_t>(b[i])))
      return false;
  return true;
}

// The same for a name that is written where it is looked for.
template <std::size_t Size>
constexpr bool is_name(std::string_view text, char const (&name)[Size]) {
  return text.size() == Size - 1 && same_name(text.data(), name, Size - 1);
}

} // namespace detail

/// A decimal number of a header field or parameter, as read: it may be absent, or not a number, or
/// beyond 32 bits (RFC 3261 20.19: 0 to 2**32-1).
struct number {
  enum kind : std::uint8_t { absent, malformed, overlarge, valid };

  std::uint32_t value{}; ///< 2**32-1 when overlarge
  kind state = absent;

  constexpr explicit operator bool() const { return state == valid; }
  constexpr std::uint32_t operator*() const { return value; }
  /// The value when it is valid, else the default of the header field.
  constexpr std::uint32_t value_or(std::uint32_t other) const {
    return state == valid ? value : other;
  }
  /// For an expiry: "values larger than 2**32-1 as equivalent to 2**32-1"; malformed and absent
  /// ones are the default (RFC 3261 10.2, where that of a malformed one is 3600).
  constexpr std::uint32_t clipped_or(std::uint32_t other) const {
    return state == overlarge ? value : value_or(other);
  }
  friend constexpr bool operator==(number, number) = default;
};

namespace detail {

// 1*DIGIT at `p`; returns the position after it, or null when there is no digit.
constexpr char const* read_digits(char const* p, char const* end, number& out) {
  char const* const first = p;
  std::uint32_t value = 0;
  auto state = number::valid;
  for (; p != end && is_decimal(*p); ++p) {
    if (__builtin_mul_overflow(value, 10u, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint32_t>(*p - '0'), &value))
      state = number::overlarge;
  }
  if (state == number::overlarge) value = 0xffff'ffffu;
  if (p == first) state = number::malformed;
  out = {value, state};
  return p == first ? nullptr : p;
}

} // namespace detail

/// 1*DIGIT with white space around it; an empty text is absent.
constexpr number read_number(std::string_view text) {
  text = detail::trim(text);
  if (text.empty()) return {};
  number result;
  char const* const end = text.data() + text.size();
  if (detail::read_digits(text.data(), end, result) != end) return {0, number::malformed};
  return result;
}

/// The content of a quoted-string without its quotes and backslashes (RFC 3261 25.1), or the text
/// itself when it is not quoted. Writes at most `capacity` characters to `out` and returns how many
/// there are; more than `capacity` means that the rest was left out.
constexpr std::size_t unquote(std::string_view text, char* out, std::size_t capacity) {
  bool const quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  if (quoted) text = text.substr(1, text.size() - 2);
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\' && i + 1 < text.size()) ++i;
    if (size < capacity) out[size] = text[i];
    ++size;
  }
  return size;
}

/// A quoted-string without its quotes, its backslashes still in it; other text unchanged.
constexpr std::string_view without_quotes(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"'
             ? text.substr(1, text.size() - 2)
             : text;
}

} // namespace ctsip
