// Header field parameters: *( SEMI name [ EQUAL value ] ), in order and by name.
// RFC 3261 7.3.1, 25.1 (generic-param). Read scan.hpp before it.
#pragma once

#include <ctsip/message/scan.hpp>

namespace ctsip {

/// One parameter. `value` is empty when there is none, and keeps its quotes when it is quoted.
struct parameter {
  std::string_view name;
  std::string_view value;
  bool has_value{};

  constexpr explicit operator bool() const { return !name.empty(); }
};

namespace detail {

// gen-value = token / host / quoted-string, and the IPv6address of `received`, which RFC 3261 25.1
// writes without brackets. Returns the position after it, or null.
constexpr char const* skip_value(char const* p, char const* end) {
  if (p == end) return nullptr;
  if (*p == '"') return skip_quoted(p, end);
  char const* const first = p;
  p = skip_long(p, end, token_char);
  while (p != end && (*p == ':' || *p == '[' || *p == ']')) p = skip(p + 1, end, token_char);
  return p == first ? nullptr : p;
}

// `p` is after a SEMI. Returns the position after the parameter and the white space that follows
// it, or null when there is no parameter.
constexpr char const* read_parameter(char const* p, char const* end, parameter& out) {
  p = skip_lws(p, end);
  char const* const name = p;
  p = skip(p, end, token_char);
  if (p == name) return nullptr;
  out = {view(name, p), {}, false};
  p = skip_lws(p, end);
  if (p == end || *p != '=') return p;
  char const* const value = skip_lws(p + 1, end);
  p = skip_value(value, end);
  if (!p) return nullptr;
  out.value = view(value, p);
  out.has_value = true;
  return skip_lws(p, end);
}

} // namespace detail

/// The parameters of a header field value: a range of `parameter`. It ends at the first thing that
/// is no parameter; `well_formed()` says whether that is the end of the text.
class parameters {
 public:
  constexpr parameters() = default;
  /// `text` starts with the ";" of the first parameter, or is empty.
  constexpr explicit parameters(std::string_view text) : text_{detail::trim(text)} {}

  class iterator {
   public:
    constexpr iterator() = default;
    constexpr iterator(char const* p, char const* end) : p_{p}, end_{end} { advance(); }
    constexpr parameter const& operator*() const { return current_; }
    constexpr parameter const* operator->() const { return &current_; }
    constexpr iterator& operator++() {
      advance();
      return *this;
    }
    constexpr bool at_end() const { return !current_; }
    constexpr bool well_formed() const { return p_ == end_; }
    friend constexpr bool operator!=(iterator const& a, detail::range_end) { return !a.at_end(); }

   private:
    constexpr void advance() {
      char const* next = p_;
      if (p_ != end_ && *p_ == ';') next = detail::read_parameter(p_ + 1, end_, current_);
      if (!next || next == p_) {
        current_ = {};
        return;
      }
      p_ = next;
    }

    char const* p_{};
    char const* end_{};
    parameter current_;
  };

  constexpr iterator begin() const { return {text_.data(), text_.data() + text_.size()}; }
  constexpr detail::range_end end() const { return {}; }

  /// The first parameter with that name, or a false one.
  constexpr parameter find(std::string_view name) const {
    for (parameter const& p : *this)
      if (detail::same_token(p.name, name)) return p;
    return {};
  }
  constexpr bool has(std::string_view name) const { return static_cast<bool>(find(name)); }
  /// The value of the first parameter with that name; empty when absent or without a value.
  constexpr std::string_view operator[](std::string_view name) const { return find(name).value; }

  constexpr bool well_formed() const {
    auto i = begin();
    while (!i.at_end()) ++i;
    return i.well_formed();
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

} // namespace ctsip
