// The reader: one message as a view of its datagram. One pass finds the start line, the place of
// the first header field of each name, the end of the header block and the body; every value is
// read when it is asked for. RFC 3261 7, 18.3, 20, 25. Read header.hpp, via.hpp and name_addr.hpp
// before it; validity.hpp has the checks that a user agent makes on top of it.
#pragma once

#include <ctsip/message/header.hpp>
#include <ctsip/message/name_addr.hpp>
#include <ctsip/message/via.hpp>
#include <ctsip/vocabulary/method.hpp>

namespace ctsip {

/// What is wrong with the structure of a message. `message` holds whatever could be read all the
/// same, so that a request can be answered with a 400 (RFC 3261 18.3, 21.4.1).
enum class read_error : std::uint8_t {
  none,
  empty,                  ///< nothing, or nothing but line ends: a keep-alive (RFC 5626 3.5.1)
  too_long,               ///< more than 65535 bytes
  start_line,             ///< neither a Request-Line nor a Status-Line (7.1, 7.2)
  request_line,           ///< a Request-Line with white space or characters it must not have (7.1)
  status_line,            ///< a Status-Code that is not three digits (7.2)
  header_line,            ///< a line that is no header field (7.3.1)
  no_empty_line,          ///< the header block does not end (7)
  content_length,         ///< not a number, or several that differ (20.14)
  content_length_too_long ///< more than there is in the datagram (18.3)
};

/// One sentence; `""` for none.
constexpr char const* sentence(read_error e) {
  switch (e) {
  case read_error::none: return "";
  case read_error::empty: return "the datagram holds no message";
  case read_error::too_long: return "the message is longer than 65535 bytes";
  case read_error::start_line: return "the start line is neither a Request-Line nor a Status-Line";
  case read_error::request_line:
    return "the Request-Line is not a method, a URI and a version separated by single spaces";
  case read_error::status_line: return "the Status-Code is not a 3-digit integer";
  case read_error::header_line: return "a line of the header is not a name, a colon and a value";
  case read_error::no_empty_line: return "no empty line ends the header";
  case read_error::content_length: return "the Content-Length is not one decimal number";
  case read_error::content_length_too_long:
    return "the Content-Length is larger than the rest of the datagram";
  }
  return "";
}

/// The clause that it breaks; `""` for none.
constexpr char const* clause(read_error e) {
  switch (e) {
  case read_error::none: return "";
  case read_error::empty: return "RFC 3261 7.5";
  case read_error::too_long: return "RFC 3261 18.1.1";
  case read_error::start_line: return "RFC 3261 7";
  case read_error::request_line: return "RFC 3261 7.1";
  case read_error::status_line: return "RFC 3261 7.2";
  case read_error::header_line: return "RFC 3261 7.3.1";
  case read_error::no_empty_line: return "RFC 3261 7";
  case read_error::content_length: return "RFC 3261 20.14";
  case read_error::content_length_too_long: return "RFC 3261 18.3";
  }
  return "";
}

/// CSeq = 1*DIGIT LWS Method (RFC 3261 20.16).
struct cseq_view {
  std::uint32_t number{};
  ctsip::method method{ctsip::method::extension};
  bool well_formed{}; ///< false too when the number is beyond 32 bits
  std::string_view method_name;

  constexpr cseq_view() = default;
  constexpr explicit cseq_view(std::string_view text) {
    using namespace detail;
    char const* const end = text.data() + text.size();
    ctsip::number n;
    char const* p = read_digits(skip_lws(text.data(), end), end, n);
    if (!p) return;
    char const* const first = skip_lws(p, end);
    char const* const last = skip(first, end, token_char);
    method_name = view(first, last);
    method = find_method(method_name.data(), method_name.size());
    number = *n;
    well_formed = n && first != p && first != last && skip_lws(last, end) == end;
  }
};

/// One header field.
struct field {
  header id{header::unknown};
  std::string_view name;  ///< as it stands in the message
  std::string_view value; ///< trimmed, folds still in it
};

namespace detail {

// One logical line of the header block. Its name starts where the line starts.
struct header_line {
  enum kind : std::uint8_t { field, empty, malformed };

  char const* name_end{};
  char const* first{}; // the value, trimmed
  char const* last{};
  char const* next{}; // after the line end; null when the header block ended without an empty line
  header id{header::unknown};
  kind is{malformed};
};

// The start of the next logical line. `p` is anywhere in the present one.
constexpr char const* skip_logical_line(char const* p, char const* end, char const*& line_end) {
  for (;;) {
    p = find_char(p, end, '\n');
    if (p == end) {
      line_end = end;
      return nullptr;
    }
    line_end = p++;
    if (p == end || (*p != ' ' && *p != '\t')) return p;
  }
}

// The colon after a known header field name right before it, or `p`. Only so many characters are
// looked at as the longest name has, so that lines without a colon cost no more.
inline char const* find_colon(char const* p, char const* end) {
  constexpr std::size_t reach = 32;
  if (!little_endian || static_cast<std::size_t>(end - p) < reach) return p;
  char const* const colon = find_char(p, p + reach, ':');
  return colon == p + reach ? p : colon;
}

// The value of a header field, from its colon on.
constexpr void read_header_value(char const* colon, char const* end, header_line& out) {
  char const* line_end{};
  out.next = skip_logical_line(colon + 1, end, line_end);
  out.first = skip_lws(colon + 1, line_end);
  out.last = trim_right(out.first, line_end);
  out.is = header_line::field;
}

// The start of the header line that a value stands in.
constexpr char const* line_of(char const* value) {
  do {
    --value;
  } while (value[-1] != '\n' || *value == ' ' || *value == '\t');
  return value;
}

// Any line. Apart, so that what is done for a known header field is no more than it takes.
[[gnu::cold]] constexpr void read_other_line(char const* const name, char const* end,
                                             header_line& out) {
  // HCOLON = *( SP / HTAB ) ":" SWS
  char const* const name_end = skip(name, end, token_char);
  char const* colon = name_end;
  while (colon != end && (*colon == ' ' || *colon == '\t')) ++colon;
  if (name_end == name || colon == end || *colon != ':') {
    bool const cr = name != end && *name == '\r';
    bool const empty = end - name > cr && name[cr] == '\n';
    char const* line_end{};
    out.is = empty ? header_line::empty : header_line::malformed;
    out.next = empty ? name + 1 + cr : skip_logical_line(name, end, line_end);
    return;
  }
  out.id = find_header(name, static_cast<std::size_t>(name_end - name));
  out.name_end = name_end;
  read_header_value(colon, end, out);
}

constexpr void read_header_line(char const* const name, char const* end, header_line& out) {
  if (!for_size && !__builtin_is_constant_evaluated()) {
    char const* const colon = find_colon(name, end);
    if (colon != name) {
      out.id = find_header(name, static_cast<std::size_t>(colon - name));
      out.name_end = colon;
      if (out.id != header::unknown) return read_header_value(colon, end, out);
    }
  }
  read_other_line(name, end, out);
}

// A list element ends at a comma that is not inside a quoted-string, "<" and ">" or a comment.
constexpr char const* skip_element(char const* p, char const* end) {
  bool bracketed = false;
  for (; p != end; ++p) {
    switch (*p) {
    case ',':
      if (!bracketed) return p;
      break;
    case '<': bracketed = true; break;
    case '>': bracketed = false; break;
    case '"':
      if (!bracketed) {
        p = skip_quoted(p, end);
        if (!p) return end;
        --p;
      }
      break;
    default: break;
    }
  }
  return end;
}

// A list element without white space around it; the whole of what has no comma.
constexpr std::string_view first_element(std::string_view list) {
  char const* const end = list.data() + list.size();
  char const* last = end;
  if (for_size || contains(list, ',')) last = skip_element(list.data(), end);
  return trim(view(list.data(), last));
}

// A set of header field names.
struct header_set {
  std::uint32_t words[(header_count + 31) / 32]{};

  constexpr void add(header h) {
    words[static_cast<unsigned>(h) / 32] |= std::uint32_t{1} << static_cast<unsigned>(h) % 32;
  }
  constexpr bool has(header h) const {
    return (words[static_cast<unsigned>(h) / 32] >> static_cast<unsigned>(h) % 32 & 1) != 0;
  }
  constexpr bool meets(header_set const& other) const {
    std::uint32_t common = 0;
    for (std::size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i)
      common |= words[i] & other.words[i];
    return common != 0;
  }
};

} // namespace detail

/// The elements of one comma-separated value, trimmed (RFC 3261 7.3.1): a range of
/// `std::string_view`. An empty text has none; two commas in a row have an empty one between them.
class comma_list {
 public:
  constexpr explicit comma_list(std::string_view text) : text_{detail::trim(text)} {}

  class iterator {
   public:
    constexpr iterator() = default;
    constexpr explicit iterator(std::string_view rest) : rest_{rest}, done_{rest.empty()} {
      if (!done_) cut();
    }
    constexpr std::string_view operator*() const { return detail::trim(rest_.substr(0, size_)); }
    constexpr iterator& operator++() {
      if (size_ == rest_.size()) {
        done_ = true;
      } else {
        rest_.remove_prefix(size_ + 1);
        cut();
      }
      return *this;
    }
    friend constexpr bool operator!=(iterator const& i, detail::range_end) { return !i.done_; }

   private:
    constexpr void cut() {
      char const* const first = rest_.data();
      char const* const end = first + rest_.size();
      char const* p = detail::find_char(first, end, ',');
      if (p != end) p = detail::skip_element(first, end);
      size_ = static_cast<std::size_t>(p - first);
    }
    std::string_view rest_;
    std::size_t size_{};
    bool done_{true};
  };

  constexpr iterator begin() const { return iterator{text_}; }
  constexpr detail::range_end end() const { return {}; }

  /// Whether one element is that token, without regard to case.
  constexpr bool has(std::string_view token) const {
    for (std::string_view const element : *this)
      if (detail::same_token(element, token)) return true;
    return false;
  }

 private:
  std::string_view text_;
};

/// Every header field of a header block in order, or those with one name: a range of `field`.
/// Lines that are no header field are left out. One step reads one line.
class field_range {
 public:
  constexpr field_range() = default;
  constexpr field_range(std::string_view block, header only, bool all, bool one)
      : block_{block}, only_{only}, all_{all}, one_{one} {}

  class iterator {
   public:
    constexpr explicit iterator(field_range const& r)
        : p_{r.block_.data()}, end_{r.block_.data() + r.block_.size()}, only_{r.only_},
          all_{r.all_}, one_{r.one_} {
      advance();
    }
    constexpr field const& operator*() const { return current_; }
    constexpr field const* operator->() const { return &current_; }
    constexpr iterator& operator++() {
      if (one_)
        done_ = true;
      else
        advance();
      return *this;
    }
    friend constexpr bool operator!=(iterator const& i, detail::range_end) { return !i.done_; }

   private:
    constexpr void advance() {
      detail::header_line line;
      while (p_ && p_ != end_) {
        char const* const name = p_;
        detail::read_header_line(name, end_, line);
        p_ = line.next;
        if (line.is == detail::header_line::empty) break;
        if (line.is == detail::header_line::malformed || (!all_ && line.id != only_)) continue;
        current_ = {line.id, detail::view(name, line.name_end),
                    detail::view(line.first, line.last)};
        return;
      }
      done_ = true;
    }

    char const* p_;
    char const* end_;
    field current_;
    header only_;
    bool all_;
    bool one_;
    bool done_{};
  };

  constexpr iterator begin() const { return iterator{*this}; }
  constexpr detail::range_end end() const { return {}; }

 private:
  std::string_view block_;
  header only_{header::unknown};
  bool all_{};
  bool one_{};
};

/// The values of all header fields with one name, comma-separated lists taken apart where the
/// header field is one: a range of `std::string_view` (RFC 3261 7.3.1).
class element_range {
 public:
  constexpr element_range(field_range fields, bool split) : fields_{fields}, split_{split} {}
  // The value of the first field is known; the range has others only if there are several.
  constexpr element_range(std::string_view first, field_range fields, bool split)
      : first_{first}, fields_{fields}, known_{true}, split_{split} {}

  class iterator {
   public:
    constexpr explicit iterator(element_range const& r)
        : value_{r.first_}, fields_{r.fields_}, split_{r.split_} {
      if (!r.known_)
        next_field();
      else if (fields_ != detail::range_end{})
        ++fields_;
      enter();
    }
    constexpr std::string_view operator*() const { return split_ ? *element_ : value_; }
    constexpr iterator& operator++() {
      if (split_) {
        ++element_;
        if (element_ != detail::range_end{}) return *this;
      }
      next_field();
      enter();
      return *this;
    }
    friend constexpr bool operator!=(iterator const& i, detail::range_end) { return !i.done_; }

   private:
    constexpr void next_field() {
      done_ = !(fields_ != detail::range_end{});
      if (done_) return;
      value_ = fields_->value;
      ++fields_;
    }
    constexpr void enter() {
      for (; split_ && !done_; next_field()) {
        element_ = comma_list{value_}.begin();
        if (element_ != detail::range_end{}) return;
      }
    }
    std::string_view value_;
    comma_list::iterator element_;
    field_range::iterator fields_;
    bool split_;
    bool done_{};
  };

  constexpr iterator begin() const { return iterator{*this}; }
  constexpr detail::range_end end() const { return {}; }

 private:
  std::string_view first_;
  field_range fields_;
  bool known_{};
  bool split_;
};

class message;
struct read_result;
constexpr read_result read(std::string_view datagram);

namespace detail {

constexpr bool repeats_one_of(message const& m, header_set const& names);

// A From or To as far as the reader has read it.
struct party_view {
  std::string_view uri; // between "<" and ">", not judged
  std::string_view tag; // the first one
  // Whether it is a name-addr with parameters of which one at most is a tag, and that a token, if
  // only the URI is well-formed.
  bool sound{};
};
constexpr party_view party_of(message const& m, header from_or_to);

} // namespace detail

/// One message: a view. It owns nothing, copies no byte of the message and is trivially copyable;
/// it is good as long as the datagram that it was read from.
class message {
 public:
  constexpr message() = default;

  constexpr bool is_request() const { return kind_ == request; }
  constexpr bool is_response() const { return kind_ == response; }

  /// Of the Request-Line; for a response of its CSeq.
  constexpr ctsip::method method() const { return kind_ == response ? cseq_.method : method_; }
  constexpr std::string_view method_name() const {
    return kind_ == response ? cseq_.method_name : text_at(method_name_);
  }
  /// Empty for a response.
  constexpr std::string_view request_uri() const {
    return kind_ == request ? text_at(rest_) : std::string_view{};
  }
  /// 0 for a request.
  constexpr std::uint16_t status() const { return status_; }
  /// The Reason-Phrase; empty for a request, and where there is none.
  constexpr std::string_view reason() const {
    return kind_ == response ? text_at(rest_) : std::string_view{};
  }
  /// The SIP-Version as it stands: "SIP/2.0".
  constexpr std::string_view version() const { return text_at(version_); }
  /// Whether the version is SIP/2.0, in any case (RFC 3261 7.1).
  constexpr bool is_version_2() const { return detail::is_name(version(), "SIP/2.0"); }

  /// The value of the first header field with that name, trimmed, its folds still in it; empty
  /// when absent. `unknown` names none.
  CTSIP_ONE_COPY constexpr std::string_view operator[](header h) const {
    if (h >= header::unknown) return {};
    return text_at(values_[static_cast<std::size_t>(h)]);
  }
  constexpr bool has(header h) const {
    return h < header::unknown && values_[static_cast<std::size_t>(h)].first != 0;
  }
  /// Whether there is more than one row of it.
  constexpr bool has_several(header h) const { return h < header::unknown && several_.has(h); }

  /// Every header field, in order.
  constexpr field_range fields() const { return {block(), header::unknown, true, false}; }
  /// Every header field with that name, in order; each with its value.
  constexpr field_range fields(header h) const {
    if (h >= header::unknown) return {block(), header::unknown, false, false};
    if (!has(h)) return {};
    char const* const first = bytes_.data() + values_[static_cast<std::size_t>(h)].first;
    return {detail::view(detail::line_of(first), bytes_.data() + block_end_), h, false,
            !several_.has(h)};
  }
  /// The value of the first header field with that name, long or compact, known to the library or
  /// not; empty when absent.
  constexpr std::string_view find(std::string_view name) const {
    if (header const h = parse_header(name); h != header::unknown) return (*this)[h];
    for (field const& f : fields(header::unknown))
      if (detail::same_token(f.name, name)) return f.value;
    return {};
  }
  /// The values of `fields(h)`, comma-separated lists taken apart.
  constexpr element_range elements(header h) const {
    bool const split = rows(h) == header_rows::list;
    if (h >= header::unknown) return {fields(h), split};
    if (!has(h)) return {field_range{}, split};
    return {(*this)[h], has_several(h) ? fields(h) : field_range{}, split};
  }

  /// As long as the Content-Length says, or the rest of the datagram (RFC 3261 18.3).
  constexpr std::string_view body() const { return body_; }
  /// The message from its start line to the end of its body; what follows is noise (18.3).
  constexpr std::string_view bytes() const { return bytes_; }

  constexpr via_view top_via() const { return top_via_; }
  constexpr cseq_view cseq() const { return cseq_; }
  constexpr std::string_view call_id() const { return (*this)[header::call_id]; }
  constexpr name_addr_view from() const { return name_addr_view{(*this)[header::from]}; }
  constexpr name_addr_view to() const { return name_addr_view{(*this)[header::to]}; }
  constexpr std::string_view from_tag() const { return text_at(from_.tag); }
  constexpr std::string_view to_tag() const { return text_at(to_.tag); }
  /// The first Contact.
  constexpr name_addr_view contact() const {
    return name_addr_view{detail::first_element((*this)[header::contact])};
  }
  constexpr number max_forwards() const { return read_number((*this)[header::max_forwards]); }
  constexpr number expires() const { return read_number((*this)[header::expires]); }
  constexpr number min_expires() const { return read_number((*this)[header::min_expires]); }
  constexpr number rseq() const { return read_number((*this)[header::rseq]); }
  constexpr number content_length() const { return read_number((*this)[header::content_length]); }

 private:
  friend constexpr read_result read(std::string_view datagram);
  friend constexpr bool detail::repeats_one_of(message const& m, detail::header_set const& names);
  friend constexpr detail::party_view detail::party_of(message const& m, header from_or_to);

  enum kind : std::uint8_t { none, request, response };

  struct range {
    std::uint16_t first{};
    std::uint16_t size{};
  };
  // What is asked of a From or To again and again.
  struct party_range {
    range uri;
    range tag;
    bool sound{};
  };

  constexpr std::string_view block() const {
    return detail::view(bytes_.data() + block_first_, bytes_.data() + block_end_);
  }

  constexpr read_error read_start_line(char const* p, char const* end);
  constexpr read_error read_request_line(char const* p, char const* end);
  constexpr read_error read_header(char const*& p, char const* end);
  constexpr read_error read_body(char const* p, char const* end);
  constexpr void read_party(header from_or_to, party_range& out) const;
  constexpr range range_of(std::string_view text) const {
    return {static_cast<std::uint16_t>(text.data() - bytes_.data()),
            static_cast<std::uint16_t>(text.size())};
  }
  constexpr std::string_view text_at(range r) const { return {bytes_.data() + r.first, r.size}; }

  std::string_view bytes_;
  std::string_view body_;
  range method_name_;
  range rest_; // the Request-URI or the Reason-Phrase
  range version_;
  std::uint16_t block_first_{};
  std::uint16_t block_end_{};
  std::uint16_t status_{};
  ctsip::method method_{ctsip::method::extension};
  kind kind_{none};
  // The first value of each name. The start line is before all, so that at 0 there is none.
  range values_[detail::header_count]{};
  detail::header_set several_;
  party_range from_;
  party_range to_;
  via_view top_via_;
  cseq_view cseq_;
};

/// What `read` found: the message, and what is wrong with it.
struct read_result {
  message value;
  read_error error{read_error::none};

  constexpr explicit operator bool() const { return error == read_error::none; }
};

constexpr bool detail::repeats_one_of(message const& m, header_set const& names) {
  return m.several_.meets(names);
}

// One pass for all that is asked of a From or To again and again. It judges as much as
// name_addr_view does, but what it finds fault with may be read all the same.
constexpr void message::read_party(header from_or_to, party_range& out) const {
  using namespace detail;
  std::string_view const value = (*this)[from_or_to];
  char const* const first = value.data();
  char const* const end = first + value.size();
  char const* p = first;
  char const* params = nullptr;
  // display-name = *(token LWS) / quoted-string
  int expected = token_char | lws_char;
  bool sound = true;
  for (; p != end && *p != '<'; ++p) {
    if (is_char(*p, expected)) continue;
    sound = sound && *p == '"' && p == first;
    if (*p == '"') {
      p = skip_quoted(p, end);
      if (!p) return;
      --p;
      expected = lws_char;
    } else if (*p == ';' && !params) {
      params = p;
    }
  }
  if (p != end) {
    char const* const closed = find_char(p, end, '>');
    if (closed == end) return;
    out.uri = range_of(view(p + 1, closed));
    p = skip_lws(closed + 1, end);
  } else {
    sound = false;
    if (params) p = params;
  }
  bool tagged = false;
  while (p != end && *p == ';') {
    parameter one;
    char const* const next = read_parameter(p + 1, end, one);
    if (!next) break;
    p = next;
    if (!is_name(one.name, "tag")) continue;
    sound = sound && !tagged && all_of(one.value, token_char);
    if (!tagged && one.has_value) out.tag = range_of(one.value);
    tagged = true;
  }
  out.sound = sound && p == end;
}

constexpr detail::party_view detail::party_of(message const& m, header from_or_to) {
  auto const& known = from_or_to == header::from ? m.from_ : m.to_;
  party_view result;
  result.uri = m.text_at(known.uri);
  result.tag = m.text_at(known.tag);
  result.sound = known.sound;
  return result;
}

namespace detail {

// SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT at `p`; returns the position after it, or null.
constexpr char const* skip_version(char const* p, char const* end) {
  if (end - p < 7 || !same_name(p, "SIP/", 4)) return nullptr;
  char const* const major = p + 4;
  p = skip_digits(major, end);
  if (p == major || p == end || *p != '.') return nullptr;
  char const* const minor = p + 1;
  p = skip_digits(minor, end);
  return p == minor ? nullptr : p;
}

} // namespace detail

constexpr read_error message::read_request_line(char const* p, char const* end) {
  using namespace detail;
  char const* const method_end = skip(p, end, token_char);
  std::string_view const method_name = view(p, method_end);
  method_name_ = {0, static_cast<std::uint16_t>(method_name.size())};
  if (method_name.empty() || method_end == end || *method_end != ' ') return read_error::start_line;
  // Whether it is a malformed request at all: its last word is a version.
  char const* const uri = method_end + 1;
  char const* const last = trim_right(uri, end);
  char const* word = last;
  while (word != uri && !is_char(word[-1], lws_char)) --word;
  if (skip_version(word, last) != last) return read_error::start_line;
  char const* const uri_end = word == uri ? uri : word - 1;
  std::string_view const request_uri = view(uri, uri_end);
  bool const exact =
      last == end && word - uri > 1 && *uri_end == ' ' && !contains(request_uri, ' ');
  rest_ = range_of(exact ? request_uri : trim(request_uri));
  version_ = range_of(view(word, last));
  kind_ = request;
  method_ = find_method(method_name.data(), method_name.size());
  return exact ? read_error::none : read_error::request_line;
}

constexpr read_error message::read_start_line(char const* p, char const* end) {
  using namespace detail;
  // "/" is no token character: what starts like a version is no method.
  char const* const version_end = skip_version(p, end);
  if (!version_end) return read_request_line(p, end);
  if (version_end == end || *version_end != ' ') return read_error::start_line;
  version_ = {0, static_cast<std::uint16_t>(version_end - p)};
  kind_ = response;
  char const* const code = version_end + 1;
  number value;
  char const* const code_end = read_digits(code, end, value);
  if (!code_end || code_end - code != 3) return read_error::status_line;
  status_ = static_cast<std::uint16_t>(*value);
  // A Reason-Phrase may be empty; without the space before it a liberal receiver accepts it
  // anyway (RFC 4475 3.1.1.13).
  if (code_end == end) return read_error::none;
  if (*code_end != ' ') return read_error::status_line;
  rest_ = range_of(view(code_end + 1, end));
  return read_error::none;
}

constexpr read_error message::read_header(char const*& p, char const* end) {
  char const* const base = bytes_.data();
  auto error = read_error::none;
  detail::header_line line;
  while (p != end) {
    char const* const first = p;
    detail::read_header_line(p, end, line);
    if (line.is == detail::header_line::empty) {
      block_end_ = static_cast<std::uint16_t>(first - base);
      p = line.next;
      return error;
    }
    p = line.next ? line.next : end;
    if (line.is == detail::header_line::malformed) {
      error = read_error::header_line;
    } else if (line.id != header::unknown) {
      auto const i = static_cast<std::size_t>(line.id);
      if (values_[i].first == 0) {
        values_[i] = range_of(detail::view(line.first, line.last));
      } else {
        several_.add(line.id);
      }
    }
  }
  block_end_ = static_cast<std::uint16_t>(end - base);
  return error == read_error::none ? read_error::no_empty_line : error;
}

constexpr read_error message::read_body(char const* p, char const* end) {
  body_ = detail::view(p, end);
  auto error = read_error::none;
  if (has(header::content_length)) {
    number const length = content_length();
    if (length.state == number::malformed || length.state == number::absent) {
      error = read_error::content_length;
    } else {
      if (!length || *length > body_.size()) error = read_error::content_length_too_long;
      // Two that differ are worse: which of them is too long is not known.
      if (has_several(header::content_length))
        for (field const& f : fields(header::content_length))
          if (read_number(f.value) != length) error = read_error::content_length;
    }
    if (error == read_error::none) body_ = detail::view(p, p + *length);
  }
  bytes_ = detail::view(bytes_.data(), body_.data() + body_.size());
  return error;
}

/// Reads one datagram, or one message that a framer has cut out of a stream: the start line, the
/// header lines and the Content-Length (RFC 3261 7, 18.3), and nothing else. Line ends before the
/// start line are skipped (7.5); a bare LF ends a line too. With an error, the message holds what
/// could be read.
constexpr read_result read(std::string_view datagram) {
  read_result result;
  message& m = result.value;
  auto const note = [&result](read_error e) {
    if (result.error == read_error::none) result.error = e;
  };
  char const* p = datagram.data();
  char const* end = p + datagram.size();
  while (p != end && (*p == '\r' || *p == '\n')) ++p;
  if (p == end) {
    result.error = read_error::empty;
    return result;
  }
  if (end - p > 65535) {
    note(read_error::too_long);
    end = p + 65535;
  }
  m.bytes_ = detail::view(p, end);
  char const* line_end = detail::find_char(p, end, '\n');
  char const* const next = line_end == end ? end : line_end + 1;
  if (line_end != p && line_end != end && line_end[-1] == '\r') --line_end;
  note(m.read_start_line(p, line_end));
  p = next;
  m.block_first_ = m.block_end_ = static_cast<std::uint16_t>(p - m.bytes_.data());
  note(m.read_header(p, end));
  note(m.read_body(p, end));
  m.top_via_ = via_view{m[header::via]};
  m.cseq_ = cseq_view{m[header::cseq]};
  m.read_party(header::from, m.from_);
  m.read_party(header::to, m.to_);
  return result;
}

} // namespace ctsip
