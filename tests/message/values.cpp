// The values of single header fields, with the examples of the RFCs that define them.
#include <ctsip/message/values.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_values)

BOOST_AUTO_TEST_CASE(rack_rfc_3262_7_2) {
  constexpr rack_view r{"776656 1 INVITE"};
  static_assert(r.well_formed && r.rseq == 776656 && r.cseq.number == 1);
  static_assert(r.cseq.method == method::invite);
  BOOST_TEST(rack_view{"1\r\n 2\t PRACK"}.well_formed);
  for (char const* const text : {"", "1", "1 2", "1 INVITE", "1 2 INVITE x", "x 2 INVITE",
                                 "4294967296 2 INVITE", "1,2 INVITE"})
    BOOST_TEST(!rack_view{text}.well_formed, text);
}

BOOST_AUTO_TEST_CASE(event_matching_rfc_6665_8_2_1) {
  event_view const e{"foo; param=abcd; id=1234"};
  BOOST_TEST(e.well_formed());
  BOOST_TEST(same_event(event_view{"foo; id=1234"}, e));
  BOOST_TEST(!same_event(event_view{"foo"}, e));
  BOOST_TEST(!same_event(event_view{"Foo; id=1234"}, e));
  BOOST_TEST(event_view{"presence.winfo"}.package() == "presence");
  BOOST_TEST(event_view{"presence"}.package() == "presence");
  BOOST_TEST(!event_view{""}.well_formed());
  BOOST_TEST(!event_view{"a b"}.well_formed());
}

BOOST_AUTO_TEST_CASE(subscription_state_rfc_6665_8_4) {
  subscription_state_view const ended{"terminated;reason=noresource"};
  BOOST_TEST(ended.is_terminated());
  BOOST_TEST(ended.reason() == "noresource");
  subscription_state_view const active{"Active;expires=3600;retry-after=5"};
  BOOST_TEST(active.is_active());
  BOOST_TEST(!active.is_pending());
  BOOST_TEST(*active.expires() == 3600u);
  BOOST_TEST(*active.retry_after() == 5u);
}

BOOST_AUTO_TEST_CASE(session_expires_rfc_4028_4) {
  constexpr session_expires_view s{"4000;refresher=UAC"};
  static_assert(s.well_formed() && *s.seconds() == 4000);
  static_assert(s.refresher() == refresher::uac);
  BOOST_TEST((session_expires_view{"1800"}.refresher() == refresher::none));
  BOOST_TEST((session_expires_view{"1800;refresher=uas"}.refresher() == refresher::uas));
  BOOST_TEST((session_expires_view{"1800;refresher=me"}.refresher() == refresher::none));
  BOOST_TEST(!session_expires_view{"soon"}.well_formed());
  BOOST_TEST((session_expires_view{""}.seconds().state == number::absent));
  BOOST_TEST((min_se_view{"4294967296"}.seconds().state == number::overlarge));
}

BOOST_AUTO_TEST_CASE(retry_after_20_33) {
  retry_after_view const plain{"18000;duration=3600"};
  BOOST_TEST(*plain.seconds() == 18000u);
  BOOST_TEST(*plain.duration() == 3600u);
  retry_after_view const commented{"120 (I'm in a (very \\) long) meeting);duration=60"};
  BOOST_TEST(commented.well_formed());
  BOOST_TEST(commented.comment() == "(I'm in a (very \\) long) meeting)");
  BOOST_TEST(*commented.duration() == 60u);
  BOOST_TEST(!retry_after_view{"120 (open"}.well_formed());
  BOOST_TEST(!retry_after_view{"120 (open\\"}.well_formed());
  BOOST_TEST(!retry_after_view{"120 )"}.well_formed());
  // RFC 4475 3.1.2.5.
  BOOST_TEST(
      (retry_after_view{"949302838503028349304023988"}.seconds().state == number::overlarge));
  std::string const deep(60'000, '(');
  BOOST_TEST(!retry_after_view{"1 " + deep}.well_formed());
}

BOOST_AUTO_TEST_CASE(replaces_rfc_3891_6_1) {
  replaces_view const r{"98732@sip.example.com\r\n ;from-tag=r33th4x0r\r\n ;to-tag=ff87ff"};
  BOOST_TEST(r.is_complete());
  BOOST_TEST(r.call_id() == "98732@sip.example.com");
  BOOST_TEST(r.from_tag() == "r33th4x0r");
  BOOST_TEST(r.to_tag() == "ff87ff");
  BOOST_TEST(!r.early_only());
  BOOST_TEST(replaces_view{"12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only"}.early_only());
  BOOST_TEST(!replaces_view{"1@a;to-tag=1"}.is_complete());
  BOOST_TEST(!replaces_view{"1@a;to-tag=1;to-tag=2;from-tag=3"}.is_complete());
  BOOST_TEST(!replaces_view{";to-tag=1;from-tag=3"}.well_formed());
}

BOOST_AUTO_TEST_CASE(call_ids_are_words_20_8) {
  for (char const* const text : {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com",
                                 "a84b4c76e66710", "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"})
    BOOST_TEST(is_call_id(text), text);
  for (char const* const text : {"", "@", "a@", "@b", "a@b@c", "a b", "a,b", "a;b", "a\r\n b"})
    BOOST_TEST(!is_call_id(text), text);
}

BOOST_AUTO_TEST_CASE(media_types_and_ranges_20_1_20_15) {
  media_type_view const t{"multipart/Mixed ; boundary=\"a b\""};
  BOOST_TEST(t.well_formed());
  BOOST_TEST(t.is("MULTIPART", "mixed"));
  BOOST_TEST(t.param("boundary") == "\"a b\"");
  BOOST_TEST(media_type_view{"*/*"}.covers(t));
  BOOST_TEST(media_type_view{"multipart/*;q=0.1"}.covers(t));
  BOOST_TEST(!media_type_view{"text/*"}.covers(t));
  for (char const* const text : {"", "text", "text/", "/plain", "text/plain;", "text plain"})
    BOOST_TEST(!media_type_view{text}.well_formed(), text);
}

BOOST_AUTO_TEST_CASE(warnings_20_43) {
  warning_view const w{"307 isi.edu:5060 \"Session parameter 'foo' not understood\""};
  BOOST_TEST(w.well_formed);
  BOOST_TEST(w.code == 307);
  BOOST_TEST(w.agent == "isi.edu:5060");
  BOOST_TEST(w.text == "\"Session parameter 'foo' not understood\"");
  for (char const* const text : {"", "1812 overture \"In Progress\"", "307 \"x\"", "307 a b",
                                 "307 a \"x", "307a b \"x\"", "307 a \"x\" y"})
    BOOST_TEST(!warning_view{text}.well_formed, text);
}

BOOST_AUTO_TEST_SUITE_END()
