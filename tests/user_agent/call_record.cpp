// What an endpoint keeps of a call beside its rules.
#include <ctsip/user_agent/call_record.hpp>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

static_assert(draining_ends<user_acts>());

std::string written(detail::field_list const& fields) {
  std::string text;
  for (extra_field const& f : fields.all())
    text += std::string{f.name} + ": " + std::string{f.value} + "\n";
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_call_record)

BOOST_AUTO_TEST_CASE(a_body_is_kept_with_its_type_or_not_at_all) {
  detail::kept_body<20> kept;
  BOOST_TEST(kept.empty());
  BOOST_TEST(kept.keep({"application/sdp", "v=0\r\n"}));
  BOOST_TEST(kept.view().type == "application/sdp");
  BOOST_TEST(kept.view().body == "v=0\r\n");
  BOOST_TEST(!kept.keep({"application/sdp", "v=0\r\n "}));
  BOOST_TEST(kept.view().body == "v=0\r\n");
  BOOST_TEST(kept.keep({}));
  BOOST_TEST(kept.empty());
}
BOOST_AUTO_TEST_CASE(a_part_of_a_body_that_is_kept_takes_its_place) {
  detail::kept_body<60> kept;
  BOOST_TEST(kept.keep({"multipart/mixed", "--a\r\n\r\nv=0\r\no=a part of its own\r\n--a--"}));
  BOOST_TEST(kept.keep({"application/sdp", kept.view().body.substr(7, 24)}));
  BOOST_TEST(kept.view().type == "application/sdp");
  BOOST_TEST(kept.view().body == "v=0\r\no=a part of its own");
}

BOOST_AUTO_TEST_CASE(header_fields_are_listed_with_their_numbers_and_empty_ones_are_left_out) {
  detail::field_list fields;
  fields.add("Allow", "BYE");
  fields.add("Supported", "");
  fields.add("RSeq", 0u);
  fields.add("Min-SE", 4'294'967'295u);
  fields.add("Session-Expires", 1800u, ";refresher=uac");
  BOOST_TEST(written(fields) == "Allow: BYE\nRSeq: 0\nMin-SE: 4294967295\n"
                                "Session-Expires: 1800;refresher=uac\n");
}

BOOST_AUTO_TEST_CASE(more_header_fields_than_there_is_room_for_are_left_out) {
  detail::field_list fields;
  for (int i = 0; i < 20; ++i) fields.add("Min-SE", 4'294'967'295u);
  BOOST_TEST(fields.all().size() == 8u);
}

// RFC 3261 12.1.1, 12.1.2.
BOOST_AUTO_TEST_CASE(a_dialog_is_named_by_the_message_that_it_comes_from) {
  auto const request = of("INVITE").text();
  detail::kept_dialog<1300> kept;
  BOOST_TEST(kept.keep(read(request).value));
  BOOST_TEST(kept.remote_tag() == "a1");
  BOOST_TEST(kept.call_id() == "call-1");
  BOOST_TEST(kept.keep(read(answer(request, 200, "b1")).value));
  BOOST_TEST(kept.remote_tag() == "b1");
  BOOST_TEST(kept.keep(read(answer(request, 200, "")).value)); // RFC 2543
  BOOST_TEST(kept.remote_tag() == "");
  BOOST_TEST(kept.source().status() == 200);
  kept.clear();
  BOOST_TEST(kept.empty());
  detail::kept_dialog<10> small;
  BOOST_TEST(!small.keep(read(request).value));
}

// "the UA MUST replace the dialog's remote target URI with the URI from the Contact header field"
// (12.2.1.2).
BOOST_AUTO_TEST_CASE(a_later_contact_is_the_remote_target) {
  auto const request = of("INVITE").text();
  detail::dialog_source const source{read(request).value};
  detail::dialog_view<1300> const first{source, "b1"};
  BOOST_TEST(first.parts.remote_target == "sip:alice@192.0.2.1");
  BOOST_TEST(first.parts.local.tag == "b1");
  BOOST_TEST(first.parts.remote.tag == "a1");
  detail::dialog_view<1300> const later{source, "b1", "sip:alice@192.0.2.7:5070"};
  BOOST_TEST((later.next_hop({ip(1), transport::udp}).to == ip(7, 5070)));
  detail::dialog_view<1300> const named{source, "b1", "sip:alice@phone.example.com"};
  BOOST_TEST((named.next_hop({ip(1), transport::udp}).to == ip(1)));
}

// "Multiple header field rows with the same field-name MAY be present in a message if and only if
// the entire field-value for that header field is defined as a comma-separated list" (RFC 3261
// 7.3.1), as that of Allow is. Methods are case-sensitive (7.1).
BOOST_AUTO_TEST_CASE(what_is_allowed_may_stand_in_several_rows_7_3_1) {
  detail::kept_dialog<1300> kept;
  auto const allows_update = [&](std::string const& rows) {
    auto r = of("INVITE");
    r.more += rows;
    BOOST_TEST(kept.keep(read(r.text()).value));
    return kept.allows_update();
  };
  BOOST_TEST(!kept.allows_update());
  BOOST_TEST(!allows_update(""));
  BOOST_TEST(allows_update("Allow: INVITE, ACK,UPDATE\r\n"));
  BOOST_TEST(allows_update("Allow: INVITE, ACK\r\nAllow: BYE\r\nallow: BYE, UPDATE\r\n"));
  BOOST_TEST(!allows_update("Allow: INVITE, update\r\nAllow: UPDATES\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
