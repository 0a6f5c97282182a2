// The store of a registrar: fixed places, all changes or none, expiry in order.
#include <ctsip/user_agent/registrar_store.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using act = binding_change::act;

namespace {

constexpr registrar_store_size small{3, 2, 40, 12};
using store_type = registrar_store<small>;
static_assert(binding_store<store_type>);

binding_record record(std::string_view contact, std::int64_t until = 1000) {
  binding_record r;
  r.contact = contact;
  r.call_id = "call";
  r.until = instant{until};
  return r;
}
store_result add(store_type& s, std::string_view aor, std::string_view contact,
                 std::int64_t until = 1000) {
  binding_change const one[] = {{act::add, 0, record(contact, until)}};
  return s.apply(aor, one);
}
std::vector<std::string> contacts(store_type const& s, std::string_view aor) {
  binding_record out[small.bindings];
  auto const n = s.list(aor, out);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < n; ++i) all.emplace_back(out[i].contact);
  return all;
}
using strings = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_registrar_store)

BOOST_AUTO_TEST_CASE(what_is_put_in_comes_out) {
  store_type s{{1, 2}};
  binding_record r;
  r.contact = "sip:a@h";
  r.parameters = ";+sip.instance=\"<x>\"";
  r.path = "<sip:p>";
  r.call_id = "c1";
  r.cseq = 7;
  r.reg_id = 3;
  r.until = instant{99};
  r.source = ctsip_tests::ip(9);
  r.over = transport::tcp;
  binding_change const one[] = {{act::add, 0, r}};
  BOOST_TEST((s.apply("sip:alice@h", one) == store_result::done));
  binding_record out[2];
  BOOST_TEST_REQUIRE(s.list("sip:alice@h", out) == 1u);
  BOOST_TEST(out[0].contact == r.contact);
  BOOST_TEST(out[0].parameters == r.parameters);
  BOOST_TEST(out[0].path == r.path);
  BOOST_TEST(out[0].call_id == r.call_id);
  BOOST_TEST(out[0].instance() == "\"<x>\"");
  BOOST_TEST(out[0].cseq == 7u);
  BOOST_TEST(out[0].reg_id == 3u);
  BOOST_TEST((out[0].until == instant{99}));
  BOOST_TEST((out[0].source == ctsip_tests::ip(9)));
  BOOST_TEST((out[0].over == transport::tcp));
  BOOST_TEST(s.list("sip:bob@h", out) == 0u);
  BOOST_TEST((s.next_expiry() == instant{99}));
}

BOOST_AUTO_TEST_CASE(all_changes_are_made_or_none) {
  store_type s{{1, 2}};
  (void)add(s, "sip:a@h", "sip:1@h");
  binding_change const too_many[] = {{act::update, 0, record("sip:9@h")},
                                     {act::add, 0, record("sip:2@h")},
                                     {act::add, 0, record("sip:3@h")}};
  BOOST_TEST((s.apply("sip:a@h", too_many) == store_result::full));
  BOOST_TEST(contacts(s, "sip:a@h") == strings{"sip:1@h"}, boost::test_tools::per_element());
  binding_change const too_long[] = {
      {act::remove, 0, {}}, {act::add, 0, record("sip:a-contact-that-is-much-too-long@h")}};
  BOOST_TEST((s.apply("sip:a@h", too_long) == store_result::failed));
  BOOST_TEST((add(s, "sip:much-too-long@h", "sip:1@h") == store_result::failed));
  binding_change const none_such[] = {{act::update, 1, record("sip:2@h")}};
  BOOST_TEST((s.apply("sip:a@h", none_such) == store_result::failed));
  binding_change const twice[] = {{act::remove, 0, {}}, {act::remove, 0, {}}};
  BOOST_TEST((s.apply("sip:a@h", twice) == store_result::failed));
  BOOST_TEST((s.apply("sip:b@h", none_such) == store_result::failed));
  BOOST_TEST(contacts(s, "sip:a@h") == strings{"sip:1@h"}, boost::test_tools::per_element());
  BOOST_TEST(s.addresses_of_record() == 1u);
  // A place that one change frees, another takes.
  binding_change const exchange[] = {
      {act::add, 0, record("sip:2@h")}, {act::remove, 0, {}}, {act::add, 0, record("sip:3@h")}};
  BOOST_TEST((s.apply("sip:a@h", exchange) == store_result::done));
  BOOST_TEST(contacts(s, "sip:a@h") == (strings{"sip:2@h", "sip:3@h"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(places_are_taken_again_when_they_are_free) {
  store_type s{{1, 2}};
  for (auto const* aor : {"sip:a@h", "sip:b@h", "sip:c@h"})
    BOOST_TEST((add(s, aor, "sip:1@h") == store_result::done));
  BOOST_TEST((add(s, "sip:d@h", "sip:1@h") == store_result::full));
  binding_change const gone[] = {{act::remove, 0, {}}};
  BOOST_TEST((s.apply("sip:b@h", gone) == store_result::done));
  BOOST_TEST(s.addresses_of_record() == 2u);
  BOOST_TEST((add(s, "sip:d@h", "sip:1@h") == store_result::done));
}

BOOST_AUTO_TEST_CASE(bindings_expire_one_by_one_and_say_which_they_were) {
  store_type s{{1, 2}};
  (void)add(s, "sip:a@h", "sip:late@h", 20);
  (void)add(s, "sip:a@h", "sip:soon@h", 10);
  (void)add(s, "sip:b@h", "sip:never@h", INT64_MAX);
  expired_binding over;
  BOOST_TEST(!s.expire(instant{9}, over));
  BOOST_TEST_REQUIRE(s.expire(instant{30}, over));
  BOOST_TEST(over.address_of_record == "sip:a@h");
  BOOST_TEST(over.record.contact == "sip:soon@h");
  BOOST_TEST_REQUIRE(s.expire(instant{30}, over));
  BOOST_TEST(over.address_of_record == "sip:a@h");
  BOOST_TEST(over.record.contact == "sip:late@h");
  BOOST_TEST(!s.expire(instant{30}, over));
  BOOST_TEST(s.next_expiry().is_never());
  BOOST_TEST(s.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_long_list_is_counted_whole_and_written_as_far_as_it_goes) {
  store_type s{{1, 2}};
  (void)add(s, "sip:a@h", "sip:1@h");
  (void)add(s, "sip:a@h", "sip:2@h");
  binding_record few[1];
  BOOST_TEST(s.list("sip:a@h", few) == 2u);
  BOOST_TEST(few[0].contact == "sip:1@h");
}

BOOST_AUTO_TEST_CASE(it_does_what_a_map_does) {
  using wide_store = registrar_store<registrar_store_size{20, 3, 24, 12}>;
  auto const s = std::make_unique<wide_store>(hash_seed{8, 9});
  std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>> model;
  std::mt19937 random{5};
  auto const draw = [&](std::size_t below) { return random() % below; };
  std::int64_t now = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string const aor = "sip:" + std::to_string(draw(30)) + "@h";
    auto const found = model.find(aor);
    std::size_t const there = found == model.end() ? 0 : found->second.size();
    std::string const contact = "sip:" + std::to_string(i) + "@h";
    std::int64_t const until = now + 1 + static_cast<std::int64_t>(draw(200));
    binding_record out[3];
    BOOST_TEST_REQUIRE(s->list(aor, out) == there);
    for (std::size_t n = 0; n < there; ++n) {
      auto const same = [&](auto const& b) {
        return b.first == out[n].contact && b.second == out[n].until.count;
      };
      BOOST_TEST_REQUIRE(std::count_if(found->second.begin(), found->second.end(), same) == 1);
    }
    binding_change change;
    change.index = there ? draw(there) : 0;
    change.does = static_cast<act>(draw(3));
    change.record = record(contact, until);
    std::string const old = there ? std::string{out[change.index].contact} : "";
    bool const adds = change.does == act::add;
    bool const possible = adds ? there < 3 && (there > 0 || model.size() < 20) : there > 0;
    auto const result = s->apply(aor, {&change, 1});
    BOOST_TEST_REQUIRE((result == store_result::done) == possible);
    if (possible) {
      auto& list = model[aor];
      if (!adds) std::erase_if(list, [&](auto const& b) { return b.first == old; });
      if (change.does != act::remove) list.emplace_back(contact, until);
      if (list.empty()) model.erase(aor);
    }
    now += static_cast<std::int64_t>(draw(4));
    for (expired_binding over; s->expire(instant{now}, over);) {
      auto& list = model[std::string{over.address_of_record}];
      auto const was = list.size();
      std::erase_if(
          list, [&](auto const& b) { return b.first == over.record.contact && b.second <= now; });
      BOOST_TEST_REQUIRE(list.size() + 1 == was);
      if (list.empty()) model.erase(std::string{over.address_of_record});
    }
    for (auto const& [name, list] : model)
      for (auto const& b : list) BOOST_TEST_REQUIRE(b.second > now);
    BOOST_TEST_REQUIRE(s->addresses_of_record() == model.size());
  }
}

BOOST_AUTO_TEST_SUITE_END()
