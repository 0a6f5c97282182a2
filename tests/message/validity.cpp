// Each message of RFC 4475 ends where the RFC says, and each rule of RFC 3261 8.1 and 8.2 for
// judging a message has its own case.
#include <ctsip/message/validity.hpp>

#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

// What the user agent supports where the end depends on it.
constexpr capabilities phone{.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS",
                             .supported = "100rel, timer",
                             .schemes = "sip, sips, tel",
                             .accept = "application/sdp"};
constexpr capabilities registrar{.allow = "REGISTER, OPTIONS"};
constexpr capabilities messenger{.allow = "MESSAGE", .accept = "text/plain, multipart/mixed"};

struct torture {
  char const* name;
  char const* section; // of RFC 4475
  capabilities own;
  outcome result;
  int status;
  header where = header::unknown;
};

// The sections say "must accept", "should respond with", "simply drop"; where they leave a choice
// (a 400 or being liberal), this library answers 400.
torture const torture_table[] = {
    {"wsinv", "3.1.1.1", phone, outcome::accept, 0},
    {"intmeth", "3.1.1.2", phone, outcome::reject, 501},
    {"esc01", "3.1.1.3", phone, outcome::accept, 0},
    {"escnull", "3.1.1.4", registrar, outcome::accept, 0},
    {"esc02", "3.1.1.5", phone, outcome::reject, 501},
    {"lwsdisp", "3.1.1.6", phone, outcome::accept, 0},
    {"longreq", "3.1.1.7", phone, outcome::accept, 0},
    {"dblreq", "3.1.1.8", registrar, outcome::accept, 0},
    {"semiuri", "3.1.1.9", phone, outcome::accept, 0},
    {"transports", "3.1.1.10", phone, outcome::accept, 0},
    {"mpart01", "3.1.1.11", messenger, outcome::accept, 0},
    {"unreason", "3.1.1.12", phone, outcome::accept, 0},
    {"noreason", "3.1.1.13", phone, outcome::accept, 0},
    {"badinv01", "3.1.2.1", phone, outcome::reject, 400, header::via},
    {"clerr", "3.1.2.2", phone, outcome::reject, 400},
    {"ncl", "3.1.2.3", phone, outcome::reject, 400},
    {"scalar02", "3.1.2.4", registrar, outcome::reject, 400, header::cseq},
    {"scalarlg", "3.1.2.5", phone, outcome::discard, 0, header::cseq},
    {"quotbal", "3.1.2.6", phone, outcome::reject, 400, header::to},
    {"ltgtruri", "3.1.2.7", phone, outcome::reject, 400},
    {"lwsruri", "3.1.2.8", phone, outcome::reject, 400},
    {"lwsstart", "3.1.2.9", phone, outcome::reject, 400},
    {"trws", "3.1.2.10", phone, outcome::reject, 400},
    {"escruri", "3.1.2.11", phone, outcome::reject, 400},
    {"baddate", "3.1.2.12", phone, outcome::accept, 0},
    {"regbadct", "3.1.2.13", registrar, outcome::reject, 400, header::contact},
    {"badaspec", "3.1.2.14", phone, outcome::reject, 400, header::to},
    {"baddn", "3.1.2.15", phone, outcome::reject, 400},
    {"badvers", "3.1.2.16", phone, outcome::reject, 505},
    {"mismatch01", "3.1.2.17", phone, outcome::reject, 400, header::cseq},
    {"mismatch02", "3.1.2.18", phone, outcome::reject, 501},
    {"bigcode", "3.1.2.19", phone, outcome::discard, 0},
    {"badbranch", "3.2.1", phone, outcome::reject, 400, header::via},
    {"insuf", "3.3.1", phone, outcome::reject, 400, header::to},
    {"unkscm", "3.3.2", phone, outcome::reject, 416},
    {"novelsc", "3.3.3", phone, outcome::reject, 416},
    {"unksm2", "3.3.4", registrar, outcome::reject, 400, header::to},
    {"bext01", "3.3.5", phone, outcome::reject, 420, header::require},
    {"invut", "3.3.6", phone, outcome::reject, 415, header::content_type},
    {"regaut01", "3.3.7", phone, outcome::reject, 405},
    {"regaut01", "3.3.7", registrar, outcome::accept, 0},
    {"multi01", "3.3.8", phone, outcome::reject, 400},
    {"mcl01", "3.3.9", phone, outcome::reject, 400},
    {"bcast", "3.3.10", phone, outcome::discard, 0, header::via},
    {"zeromf", "3.3.11", phone, outcome::accept, 0},
    {"cparam01", "3.3.12", registrar, outcome::accept, 0},
    {"cparam02", "3.3.13", registrar, outcome::accept, 0},
    {"regescrt", "3.3.14", registrar, outcome::accept, 0},
    {"sdp01", "3.3.15", phone, outcome::reject, 406, header::accept},
    {"inv2543", "3.4.1", phone, outcome::accept, 0},
};

std::string torture_message(std::string const& name) {
  std::string const path = std::string{CTSIP_TESTS_DIR} + "/message/rfc4475/" + name + ".dat";
  std::ifstream file{path, std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file.good(), path);
  return {std::istreambuf_iterator<char>{file}, {}};
}

// A request that is fine, made different by each case.
struct request {
  std::string line = "INVITE sip:bob@example.com SIP/2.0";
  std::string via = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK776asdhds\r\n";
  std::string to = "To: <sip:bob@example.com>\r\n";
  std::string from = "From: <sip:alice@example.com>;tag=1928301774\r\n";
  std::string call_id = "Call-ID: a84b4c76e66710@example.com\r\n";
  std::string cseq = "CSeq: 314159 INVITE\r\n";
  std::string more = "Max-Forwards: 70\r\nContact: <sip:alice@host.example.com>\r\n";
  std::string body{};

  std::string text() const {
    return line + "\r\n" + via + to + from + call_id + cseq + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

request of(std::string const& method) {
  request r;
  r.line = method + " sip:bob@example.com SIP/2.0";
  r.cseq = "CSeq: 314159 " + method + "\r\n";
  return r;
}

int status(request const& r, capabilities const& own = phone) {
  std::string const text = r.text();
  validity const v = check(read(text), own);
  BOOST_TEST((v.result == outcome::accept) == (v.status == 0));
  BOOST_TEST((v.sentence[0] == '\0') == (v.status == 0));
  BOOST_TEST((v.clause[0] == '\0') == (v.status == 0));
  return v.status;
}

outcome judged(std::string const& text, capabilities const& own = phone) {
  return check(read(text), own).result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_validity)

BOOST_AUTO_TEST_CASE(every_message_of_rfc_4475_ends_where_the_rfc_says) {
  for (torture const& t : torture_table) {
    BOOST_TEST_CONTEXT(t.name << ", RFC 4475 " << t.section) {
      std::string const text = torture_message(t.name);
      validity const v = check(read(text), t.own);
      BOOST_TEST(static_cast<int>(v.result) == static_cast<int>(t.result), v.sentence);
      BOOST_TEST(v.status == t.status, v.sentence);
      if (t.where != header::unknown) BOOST_TEST(name(v.where) == name(t.where));
      if (t.result != outcome::accept) {
        BOOST_TEST(v.sentence[0] != '\0');
        BOOST_TEST(v.clause[0] != '\0');
      }
    }
  }
}

// The file of RFC 4475's archive lacks the empty line, which alone makes it malformed.
BOOST_AUTO_TEST_CASE(a_display_name_of_non_token_characters_is_a_400_by_rfc_4475_3_1_2_15) {
  std::string const text = torture_message("baddn") + "\r\n";
  validity const v = check(read(text), phone);
  BOOST_TEST(v.status == 400);
  BOOST_TEST(name(v.where) == name(header::to));
  BOOST_TEST(v.culprit == "Watson, Thomas <sip:t.watson@example.org>");
}

BOOST_AUTO_TEST_CASE(a_sound_request_is_accepted) {
  BOOST_TEST(status({}) == 0);
  for (char const* const method : {"ACK", "CANCEL", "BYE", "OPTIONS"}) {
    BOOST_TEST_CONTEXT(method) { BOOST_TEST(status(of(method)) == 0); }
  }
}

BOOST_AUTO_TEST_CASE(judging_works_in_constant_evaluation) {
  constexpr char const* text = "OPTIONS sip:bob@example.com SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKa\r\n"
                               "To: <sip:bob@example.com>\r\n"
                               "From: <sip:alice@example.com>;tag=1\r\n"
                               "Call-ID: a\r\n"
                               "CSeq: 1 OPTIONS\r\n"
                               "Require: foo\r\n"
                               "\r\n";
  static_assert(check(read(text)).status == 420);
  static_assert(check(read(text)).culprit == "foo");
  static_assert(check(read(text), {.supported = "foo"}).result == outcome::accept);
  BOOST_TEST(check(read(text)).status == 420);
}

BOOST_AUTO_TEST_CASE(to_from_cseq_and_call_id_are_mandatory_by_8_1_1) {
  for (auto const part : {&request::to, &request::from, &request::cseq, &request::call_id}) {
    request r;
    r.*part = "";
    BOOST_TEST(status(r) == 400);
  }
}

BOOST_AUTO_TEST_CASE(a_request_without_via_cannot_be_answered) {
  request r;
  r.via = "";
  BOOST_TEST((judged(r.text()) == outcome::discard));
}

// "LWS = [*WSP CRLF] 1*WSP" (25.1): a CR that ends no line is neither white space nor copied, and
// without what a response copies (8.2.6.2) there is none.
BOOST_AUTO_TEST_CASE(a_request_with_a_bare_cr_in_what_responses_copy_is_discarded_25_1) {
  auto const check_discarded = [](request const& r, header where) {
    BOOST_TEST_CONTEXT(r.text()) {
      std::string const text = r.text();
      auto const v = check(read(text), phone);
      BOOST_TEST((v.result == outcome::discard));
      BOOST_TEST((v.where == where));
      BOOST_TEST(v.status == 0);
      BOOST_TEST(v.clause == "RFC 3261 25.1");
    }
  };
  for (auto const method : {"INVITE", "OPTIONS", "BYE", "UNKNOWN"}) {
    for (auto const bare : {"\r", "\r\r\n ", " \r ", "\r\n \r"}) {
      std::string const cr{bare};
      auto r = of(method);
      r.to = "To: <sip:bob@example.com>" + cr + ";x=y\r\n";
      check_discarded(r, header::to);
      r = of(method);
      r.from = "From: \"A" + cr + "B\" <sip:alice@example.com>;tag=1\r\n";
      check_discarded(r, header::from);
      r.from = "From: A" + cr + "B <sip:alice@example.com>;tag=1\r\n";
      check_discarded(r, header::from);
      r = of(method);
      r.via = "Via: SIP/2.0/UDP" + cr + "host.example.com;branch=z9hG4bK1\r\n";
      check_discarded(r, header::via);
      r.via = "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP "
              "b.example.com,\r\n SIP/2.0/UDP c.example.com;x=\"" +
              cr + "\"\r\n";
      check_discarded(r, header::via);
      r.via =
          "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1," + cr + "SIP/2.0/UDP b.example.com\r\n";
      check_discarded(r, header::via);
      r = of(method);
      r.call_id = "Call-ID: a" + cr + "b\r\n";
      check_discarded(r, header::call_id);
      r = of(method);
      r.cseq = "CSeq: 314159" + cr + method + "\r\n";
      check_discarded(r, header::cseq);
    }
  }
  // Where there is a response without it, or none to give, it is like any other mistake.
  request r;
  r.more = "Record-Route: <sip:p1.example.com;lr>\r;x\r\n";
  BOOST_TEST(status(r) == 400);
  r.more = "Record-Route: <sip:p1.example.com;lr>\r\n"
           "Record-Route: <sip:p2.example.com;lr>,\r <sip:p3.example.com;lr>\r\n";
  BOOST_TEST(status(r) == 400);
  r.more = "Subject: a\rb\r\nTimestamp: 1\r2\r\n";
  BOOST_TEST(status(r) == 0);
  // At the end of a value it is none of it.
  r.more = {};
  r.to = "To: \r <sip:bob@example.com> \r\r\n";
  BOOST_TEST(status(r) == 0);
  r = of("ACK");
  r.to = "To: <sip:bob@example.com>\r;x=y\r\n";
  BOOST_TEST((judged(r.text()) == outcome::accept));
}

// qdtext = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII
BOOST_AUTO_TEST_CASE(a_control_character_that_no_backslash_quotes_is_a_400_25_1) {
  for (char const c : {'\0', '\x01', '\x1b', '\x7f'}) {
    for (std::string const escape : {"", "\\"}) {
      std::string const quoted = "\"a" + escape + c + "\"";
      int const expected = escape.empty() ? 400 : 0;
      request r;
      r.to = "To: " + quoted + " <sip:bob@example.com>\r\n";
      BOOST_TEST(status(r) == expected, r.to);
      r = {};
      r.from = "From: <sip:alice@example.com>;tag=1;x=" + quoted + "\r\n";
      BOOST_TEST(status(r) == expected, r.from);
      r = {};
      r.via = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK1;x=" + quoted + "\r\n";
      BOOST_TEST(status(r) == expected, r.via);
      r = {};
      r.more = "Record-Route: " + quoted + " <sip:p1.example.com;lr>\r\n";
      BOOST_TEST(status(r) == expected, r.more);
      r.more = "Contact: " + quoted + " <sip:alice@host.example.com>\r\n";
      BOOST_TEST(status(r) == expected, r.more);
    }
  }
  request r;
  r.to = "To: \"\xc3\xa4\t\r\n b\" <sip:bob@example.com>\r\n";
  BOOST_TEST(status(r) == 0);
}

BOOST_AUTO_TEST_CASE(an_ack_is_never_answered) {
  request r = of("ACK");
  r.to = "To: <sip:bob@example.com\r\n";
  BOOST_TEST((judged(r.text()) == outcome::discard));
  request unknown_version = of("ACK");
  unknown_version.line = "ACK sip:bob@example.com SIP/3.0";
  BOOST_TEST((judged(unknown_version.text()) == outcome::discard));
}

BOOST_AUTO_TEST_CASE(the_branch_may_be_absent_but_not_a_bare_cookie_by_8_1_1_7) {
  request r;
  r.via = "Via: SIP/2.0/UDP host.example.com\r\n";
  BOOST_TEST(status(r) == 0);
  r.via = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK\r\n";
  BOOST_TEST(status(r) == 400);
  r.via = "Via: SIP/2.0/UDP host.example.com;branch=\r\n";
  BOOST_TEST(status(r) == 400);
}

BOOST_AUTO_TEST_CASE(a_tag_is_one_token_by_19_3) {
  request r;
  r.from = "From: <sip:alice@example.com>;tag=\"quoted\"\r\n";
  BOOST_TEST(status(r) == 400);
  r.from = "From: <sip:alice@example.com>;tag=1;tag=2\r\n";
  BOOST_TEST(status(r) == 400);
  r.from = "From: <sip:alice@example.com>;tag\r\n";
  BOOST_TEST(status(r) == 400);
  r.from = "From: <sip:alice@example.com>\r\n"; // RFC 4475 3.4.1
  BOOST_TEST(status(r) == 0);
}

BOOST_AUTO_TEST_CASE(the_cseq_number_is_less_than_2_to_the_31_by_8_1_1_5) {
  request r;
  r.cseq = "CSeq: 2147483647 INVITE\r\n";
  BOOST_TEST(status(r) == 0);
  r.cseq = "CSeq: 2147483648 INVITE\r\n";
  BOOST_TEST(status(r) == 400);
  r.cseq = "CSeq: 4294967296 INVITE\r\n";
  BOOST_TEST(status(r) == 400);
  r.cseq = "CSeq: INVITE\r\n";
  BOOST_TEST(status(r) == 400);
  r.cseq = "CSeq: 1INVITE\r\n";
  BOOST_TEST(status(r) == 400);
  r.cseq = "CSeq: -1 INVITE\r\n";
  BOOST_TEST(status(r) == 400);
}

BOOST_AUTO_TEST_CASE(methods_are_compared_with_case_by_7_1_and_20_16) {
  BOOST_TEST(status(of("invite")) == 501);
  request r;
  r.cseq = "CSeq: 1 invite\r\n";
  BOOST_TEST(status(r) == 400);
}

BOOST_AUTO_TEST_CASE(a_known_method_that_is_not_allowed_is_a_405_and_an_unknown_one_a_501) {
  BOOST_TEST(status(of("SUBSCRIBE")) == 405);
  BOOST_TEST(status(of("FROBNICATE")) == 501);
  BOOST_TEST(status(of("FROBNICATE"), {.allow = "FROBNICATE"}) == 0);
}

BOOST_AUTO_TEST_CASE(the_scheme_of_the_request_uri_decides_on_a_416_by_8_2_2_1) {
  request r;
  r.line = "INVITE tel:+1-201-555-0123 SIP/2.0";
  BOOST_TEST(status(r) == 0);
  BOOST_TEST(status(r, {.schemes = "sip"}) == 416);
  r.line = "INVITE SIPS:bob@example.com SIP/2.0";
  BOOST_TEST(status(r) == 0);
  r.line = "INVITE sip: SIP/2.0";
  BOOST_TEST(status(r) == 400);
  r.line = "INVITE bob@example.com SIP/2.0";
  BOOST_TEST(status(r) == 400);
}

BOOST_AUTO_TEST_CASE(another_version_is_a_505_by_21_5_6) {
  request r;
  r.line = "INVITE sip:bob@example.com SIP/2.1";
  BOOST_TEST(status(r) == 505);
  r.line = "INVITE sip:bob@example.com sip/2.0"; // case-insensitive, 7.1
  BOOST_TEST(status(r) == 0);
}

BOOST_AUTO_TEST_CASE(require_is_a_420_except_in_cancel_and_ack_by_8_2_2_3) {
  request r;
  r.more = "Require: 100rel, Timer\r\n";
  BOOST_TEST(status(r) == 0);
  r.more = "Require: 100rel\r\nRequire: precondition\r\n";
  BOOST_TEST(status(r) == 420);
  request cancel = of("CANCEL");
  cancel.more = "Require: precondition\r\n";
  BOOST_TEST(status(cancel) == 0);
  request ack = of("ACK");
  ack.more = "Require: precondition\r\n";
  BOOST_TEST((judged(ack.text()) == outcome::accept));
}

// An ACK that were refused for its content would leave its response to be retransmitted.
BOOST_AUTO_TEST_CASE(an_ack_counts_whatever_its_content_17) {
  request ack = of("ACK");
  ack.body = "hello";
  ack.more = "Content-Type: text/plain\r\n";
  BOOST_TEST((judged(ack.text()) == outcome::accept));
  BOOST_TEST((check(read(ack.text()), {.allow = "INVITE"}).result == outcome::accept));
}

BOOST_AUTO_TEST_CASE(a_body_must_be_understood_unless_it_is_optional_by_8_2_3) {
  request r;
  r.body = "hello";
  BOOST_TEST(status(r) == 400); // no Content-Type, 7.4.1
  r.more = "Content-Type: text/plain\r\n";
  BOOST_TEST(status(r) == 415);
  r.more = "Content-Type: text/plain\r\nContent-Disposition: render;handling=optional\r\n";
  BOOST_TEST(status(r) == 0);
  r.more = "Content-Type: Application/SDP ; charset=utf-8\r\n";
  BOOST_TEST(status(r) == 0);
  r.more = "Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n";
  BOOST_TEST(status(r) == 415);
  r.more = "Content-Type: application/sdp\r\nContent-Encoding: identity\r\n";
  BOOST_TEST(status(r) == 0);
  r.more = "Content-Type: sdp\r\n";
  BOOST_TEST(status(r) == 400);
}

// 8.1: "This parameter describes how a UAS reacts if it receives a message body whose content type
// or disposition type it does not understand. […] if the parameter has the value 'required', the
// UAS returns a 415 (Unsupported Media Type) response. The default value for the 'handling'
// parameter is 'required'."
BOOST_AUTO_TEST_CASE(a_session_description_must_be_that_of_the_session_by_rfc_5621_8_4) {
  constexpr capabilities both{.accept = "application/sdp, text/plain"};
  auto const of_disposition = [&](std::string const& type, std::string const& disposition) {
    request r;
    r.more += "Content-Type: " + type + "\r\nContent-Disposition: " + disposition + "\r\n";
    r.body = "v=0\r\n";
    return status(r, both);
  };
  for (std::string const sdp : {"application/sdp", "Application/SDP;charset=utf-8"}) {
    for (char const* const session : {"session", "Session;handling=required", ""})
      BOOST_TEST(of_disposition(sdp, session) == 0, session);
    for (std::string const other : {"early-session", "signal", "render", "by-reference", "frob"}) {
      BOOST_TEST(of_disposition(sdp, other) == 415, other);
      BOOST_TEST(of_disposition(sdp, other + ";handling=required") == 415, other);
      BOOST_TEST(of_disposition(sdp, other + ";handling=optional") == 0, other);
    }
  }
  // What may be done with another type, who accepts it knows.
  BOOST_TEST(of_disposition("text/plain", "render") == 0);
  BOOST_TEST(of_disposition("text/plain", "icon") == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_accept_means_that_no_format_is_acceptable_by_20_1) {
  request r;
  r.more = "Accept:\r\n";
  BOOST_TEST(status(r) == 406);
  r.more = "Accept: text/html, application/*;q=0.5\r\n";
  BOOST_TEST(status(r) == 0);
  request options = of("OPTIONS");
  options.more = "Accept: text/html\r\n";
  BOOST_TEST(status(options) == 0);
}

BOOST_AUTO_TEST_CASE(malformed_header_fields_that_are_not_needed_are_ignored_by_8_2_2) {
  request r;
  r.more = "Max-Forwards: 300\r\nExpires: soon\r\nDate: yesterday\r\nReply-To: <<<\r\nRoute: ,,\r\n"
           "Warning: none\r\n";
  BOOST_TEST(status(r) == 0);
  request bye = of("BYE");
  bye.more = "Contact: <<<\r\n";
  BOOST_TEST(status(bye) == 0);
}

BOOST_AUTO_TEST_CASE(a_star_contact_stands_alone_in_a_register_by_10_2_2) {
  request r = of("REGISTER");
  r.more = "Contact: *\r\nExpires: 0\r\n";
  BOOST_TEST(status(r, registrar) == 0);
  r.more = "Contact: *\r\nContact: <sip:a@b>\r\n";
  BOOST_TEST(status(r, registrar) == 400);
  r.more = "Contact: <sip:a@b>, *\r\n";
  BOOST_TEST(status(r, registrar) == 400);
  request invite;
  invite.more = "Contact: *\r\n";
  BOOST_TEST(status(invite) == 400);
}

BOOST_AUTO_TEST_CASE(the_address_of_record_is_a_sip_or_sips_uri_by_10_2) {
  request r = of("REGISTER");
  r.to = "To: <tel:+12015550123>\r\n";
  BOOST_TEST(status(r, registrar) == 400);
  r.to = "To: <sips:bob@example.com>\r\n";
  BOOST_TEST(status(r, registrar) == 0);
}

BOOST_AUTO_TEST_CASE(a_record_route_is_a_name_addr_by_20_30) {
  request r;
  r.more = "Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>\r\n";
  BOOST_TEST(status(r) == 0);
  r.more = "Record-Route: sip:p1.example.com\r\n";
  BOOST_TEST(status(r) == 400);
}

BOOST_AUTO_TEST_CASE(a_prack_needs_its_rack_by_rfc_3262_7_2) {
  capabilities const own{.allow = "PRACK"};
  request r = of("PRACK");
  BOOST_TEST(status(r, own) == 400);
  r.more = "RAck: 776656 1 INVITE\r\n";
  BOOST_TEST(status(r, own) == 0);
  r.more = "RAck: 776656 INVITE\r\n";
  BOOST_TEST(status(r, own) == 400);
  r.more = "RAck: 776656 4294967296 INVITE\r\n";
  BOOST_TEST(status(r, own) == 400);
}

BOOST_AUTO_TEST_CASE(a_refer_has_exactly_one_refer_to_by_rfc_3515_2_4_2) {
  capabilities const own{.allow = "REFER"};
  request r = of("REFER");
  BOOST_TEST(status(r, own) == 400);
  r.more = "Refer-To: <sip:dave@example.org?Replaces=1%40a%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n";
  BOOST_TEST(status(r, own) == 0);
  r.more = "Refer-To: <sip:dave@example.org>\r\nr: <sip:carol@example.org>\r\n";
  BOOST_TEST(status(r, own) == 400);
  r.more = "Refer-To: \"open <sip:dave@example.org>\r\n";
  BOOST_TEST(status(r, own) == 400);
}

BOOST_AUTO_TEST_CASE(a_replaces_stands_once_and_in_an_invite_only_by_rfc_3891_3) {
  request r;
  r.more = "Replaces: 98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff\r\n";
  BOOST_TEST(status(r) == 0);
  request twice = r;
  twice.more += r.more;
  BOOST_TEST(status(twice) == 400);
  request bye = of("BYE");
  bye.more = r.more;
  BOOST_TEST(status(bye) == 400);
  request incomplete;
  incomplete.more = "Replaces: 98732@sip.example.com;from-tag=r33th4x0r\r\n";
  BOOST_TEST(status(incomplete) == 400);
}

BOOST_AUTO_TEST_CASE(responses_are_accepted_or_discarded) {
  std::string const rest = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK1\r\n"
                           "To: <sip:bob@example.com>;tag=2\r\n"
                           "From: <sip:alice@example.com>;tag=1\r\n"
                           "Call-ID: a84b4c76e66710@example.com\r\n"
                           "CSeq: 1 INVITE\r\n";
  BOOST_TEST((judged("SIP/2.0 200 OK\r\n" + rest + "\r\n") == outcome::accept));
  BOOST_TEST((judged("SIP/2.0 699 Odd\r\n" + rest + "\r\n") == outcome::accept));
  BOOST_TEST((judged("SIP/2.0 700 Odd\r\n" + rest + "\r\n") == outcome::discard));
  BOOST_TEST((judged("SIP/2.0 099 Odd\r\n" + rest + "\r\n") == outcome::discard));
  BOOST_TEST((judged("SIP/3.0 200 OK\r\n" + rest + "\r\n") == outcome::discard));
  // 18.3: "If the message is a response, it MUST be discarded."
  BOOST_TEST(
      (judged("SIP/2.0 200 OK\r\n" + rest + "Content-Length: 1\r\n\r\n") == outcome::discard));
  // 8.1.3.3, in one row and in two.
  BOOST_TEST(
      (judged("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n" + rest + "\r\n") == outcome::discard));
  BOOST_TEST((judged("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a, SIP/2.0/UDP b\r\n" +
                     rest.substr(rest.find("To:")) + "\r\n") == outcome::discard));
  BOOST_TEST(
      (judged("SIP/2.0 200 OK\r\n" + rest.substr(rest.find("To:")) + "\r\n") == outcome::discard));
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_discarded) {
  for (char const* const text : {"", "\r\n", "\r\n\r\n", "hello\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                                 "INVITE\r\n\r\n", "INVITE sip:a@b\r\n\r\n", "\0"}) {
    BOOST_TEST((judged(text) == outcome::discard));
  }
}

BOOST_AUTO_TEST_CASE(a_request_beyond_65535_bytes_is_a_513_by_21_5_7) {
  request r;
  r.more += "X: " + std::string(66'000, 'x') + "\r\n";
  BOOST_TEST(status(r) == 513);
}

// The reader notes whether a From or To is sound as it passes: that must be what the grammar says
// of the whole (25.1), and of its tag (19.3).
BOOST_AUTO_TEST_CASE(a_from_is_judged_as_its_name_addr_and_its_uri_are_20_20) {
  for (char const* const from : {"<sip:a@b>",
                                 "<sip:a@b>;tag=1",
                                 "<sip:a@b> ; tag = 1 ; x",
                                 "Alice <sip:a@b>;tag=1",
                                 "Alice B<sip:a@b>;tag=1",
                                 "Alice\r\n B <sip:a@b>;tag=1",
                                 "\"Alice, B\" <sip:a@b>;tag=1",
                                 "\"Alice\"\t<sip:a@b>;tag=1",
                                 "sip:a@b;tag=1",
                                 "sip:a@b",
                                 "sip:a@b ;tag=1",
                                 "Alice \"B\" <sip:a@b>;tag=1",
                                 "\"Alice\" B <sip:a@b>;tag=1",
                                 "\"A\"\"B\" <sip:a@b>",
                                 "Alice; <sip:a@b>",
                                 "Alice, <sip:a@b>",
                                 "\"Alice <sip:a@b>",
                                 "<sip:a@b",
                                 "<sip:a<b>",
                                 "<sip:a@b >",
                                 "< sip:a@b>",
                                 "<>",
                                 "*",
                                 "<*>",
                                 "Alice <sip:a@b> x;tag=1",
                                 "<sip:a@b>;tag=1;tag=2",
                                 "<sip:a@b>;tag",
                                 "<sip:a@b>;tag=",
                                 "<sip:a@b>;tag=\"1\"",
                                 "<sip:a@b>;tag=a:b",
                                 "<sip:a@b>;;tag=1",
                                 "<sip:@b>;tag=1",
                                 "<tel:+1-2>;tag=1",
                                 "<x>",
                                 "Alice"}) {
    std::string const text =
        "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: " +
        std::string{from} + "\r\nTo: <sip:b@c>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";
    read_result const r = read(text);
    name_addr_view const address{r.value[header::from]};
    std::size_t tags = 0;
    bool tokens = true;
    for (parameter const& p : address.all_params()) {
      if (p.name != "tag") continue;
      ++tags;
      tokens = tokens && detail::all_of(p.value, detail::token_char);
    }
    bool const sound = address.well_formed() && !address.is_star() &&
                       uri_view{address.uri()}.well_formed() && tags < 2 && tokens;
    validity const v = check(r);
    BOOST_TEST(static_cast<bool>(v) == sound, from);
    if (!sound) BOOST_TEST((v.where == header::from), from);
    if (address.well_formed()) BOOST_TEST(r.value.from_tag() == address.tag(), from);
  }
}

// "[…] does not support the content type […] of a body part whose handling is required, the UAS
// SHOULD return a 415" (RFC 5621 8.4); "UAs MUST support" multipart bodies themselves (4.2).
BOOST_AUTO_TEST_CASE(a_multipart_body_is_judged_by_the_parts_that_must_be_understood_rfc_5621_8_4) {
  std::string const sdp = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";
  std::string const isup = "--b\r\nContent-Type: application/isup\r\n\r\n\x0c\r\n";
  std::string const spare = "--b\r\nContent-Type: application/isup\r\n"
                            "Content-Disposition: signal;handling=optional\r\n\r\n\x0c\r\n";
  std::string const plain = "--b\r\n\r\nhello\r\n"; // text/plain (RFC 2045 5.2)
  std::string const early = "--b\r\nContent-Type: application/sdp\r\n"
                            "Content-Disposition: early-session\r\n\r\nv=0\r\n";
  std::string const spare_early =
      "--b\r\nContent-Type: application/sdp\r\n"
      "Content-Disposition: early-session;handling=optional\r\n\r\nv=0\r\n";
  struct {
    char const* type;
    std::string parts;
    int status;
  } const cases[] = {{"multipart/mixed", sdp, 0},
                     {"multipart/mixed", sdp + spare, 0},
                     {"multipart/mixed", sdp + isup, 415},
                     {"multipart/mixed", isup + sdp, 415},
                     {"multipart/mixed", sdp + plain, 415},
                     {"multipart/mixed", "", 415},
                     {"multipart/mixed", early, 415},
                     {"multipart/mixed", sdp + early, 415},
                     {"multipart/mixed", sdp + spare_early, 0},
                     {"multipart/related", sdp + spare, 0},
                     {"multipart/alternative", sdp + isup, 0},
                     {"multipart/alternative", isup + sdp, 0},
                     {"multipart/alternative", early + sdp, 0},
                     {"multipart/alternative", isup + early, 415},
                     // "The receiver SHOULD ignore the handling parameters of the body parts within
                     // the 'multipart/alternative'." (8.3)
                     {"multipart/alternative", spare + isup, 415}};
  for (auto const& c : cases) {
    request r;
    r.more += std::string{"Content-Type: "} + c.type + ";boundary=b\r\n";
    r.body = c.parts + "--b--\r\n";
    BOOST_TEST(status(r) == c.status, c.type << ": " << c.parts);
  }
  // One within another, and too many of them.
  for (int const depth : {1, 3, 40}) {
    std::string body = "Content-Type: application/sdp\r\n\r\nv=0\r\n";
    for (int i = 0; i != depth; ++i) {
      std::string const b = "b" + std::to_string(i);
      body = "Content-Type: multipart/mixed;boundary=" + b + "\r\n\r\n--" + b + "\r\n" + body +
             "\r\n--" + b + "--\r\n";
    }
    request r;
    auto const head = body.find("\r\n") + 2;
    r.more += body.substr(0, head);
    r.body = body.substr(head + 2);
    BOOST_TEST(status(r) == (depth == 40 ? 415 : 0), depth);
  }
}

// An ACK cannot be answered, and ends the retransmission of a response all the same; a BYE has
// ended its session when it is sent (15.1.1), whatever its body.
BOOST_AUTO_TEST_CASE(an_ack_with_replaces_and_a_bye_with_isup_have_their_effect_13_2_2_4_15_1_1) {
  for (std::string const method : {"INVITE", "ACK", "BYE"}) {
    request r = of(method);
    r.more += "Replaces: 98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff\r\n";
    BOOST_TEST((judged(r.text()) == outcome::accept) == (method != "BYE"), method);
    request signals = of(method);
    signals.more += "Content-Type: application/isup\r\n";
    signals.body = "\x0c";
    BOOST_TEST((judged(signals.text()) == outcome::accept) == (method != "INVITE"), method);
  }
}

BOOST_AUTO_TEST_SUITE_END()
