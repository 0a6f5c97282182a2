// Which fields make two messages one transaction: RFC 3261 17.1.3, 17.2.3, 9.2, 8.2.2.2.
#include <ctsip/transaction/matching.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

constexpr hash_seed seed{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};

// An INVITE of an element that follows RFC 3261.
constexpr transaction_parts modern() {
  transaction_parts p;
  p.branch = "z9hG4bK776asdhds";
  p.sent_by_host = "pc33.atlanta.com";
  p.sent_by_port = 5060;
  p.method = method::invite;
  p.method_name = "INVITE";
  p.from_tag = "1928301774";
  p.call_id = "a84b4c76e66710";
  p.cseq = 314159;
  p.request_uri = "sip:bob@biloxi.com";
  p.top_via = "SIP/2.0/UDP pc33.atlanta.com:5060;branch=z9hG4bK776asdhds";
  return p;
}

// The same of an element that follows RFC 2543, whose branch has no magic cookie.
constexpr transaction_parts old() {
  transaction_parts p = modern();
  p.branch = "776asdhds";
  p.top_via = "SIP/2.0/UDP pc33.atlanta.com:5060;branch=776asdhds";
  return p;
}

transaction_parts of_method(transaction_parts p, method m, std::string_view name = {}) {
  p.method = m;
  p.method_name = name;
  return p;
}

template <class Change>
bool server_key_changes(transaction_parts const& from, Change change) {
  transaction_parts changed = from;
  change(changed);
  return !(server_key(seed, changed) == server_key(seed, from));
}

struct less {
  bool operator()(transaction_key a, transaction_key b) const { return a.value < b.value; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(transaction_matching)

BOOST_AUTO_TEST_CASE(a_response_has_the_key_of_its_request_17_1_3) {
  auto const key = client_key(seed, "z9hG4bK776asdhds", method::invite);
  BOOST_TEST((key == client_key(seed, "z9hG4bK776asdhds", method::invite)));
  BOOST_TEST(!(key == client_key(seed, "z9hG4bK776asdhdt", method::invite)));
  BOOST_TEST(!(key == client_key(seed, "z9hG4bK776asdhd", method::invite)));
  BOOST_TEST(!(key == client_key(seed, "", method::invite)));
}

// "The method is needed since a CANCEL request constitutes a different transaction, but shares the
// same value of the branch parameter."
BOOST_AUTO_TEST_CASE(the_method_of_the_cseq_is_part_of_the_client_key_17_1_3) {
  std::set<transaction_key, less> keys;
  for (method const m : {method::invite, method::cancel, method::ack, method::bye, method::options,
                         method::register_, method::prack, method::update, method::message})
    keys.insert(client_key(seed, "z9hG4bK1", m));
  for (char const* const name : {"FOO", "FOOL", "BAR"})
    keys.insert(client_key(seed, "z9hG4bK1", method::extension, std::string_view{name}));
  BOOST_TEST(keys.size() == 12u);
}

BOOST_AUTO_TEST_CASE(the_name_counts_for_extension_methods_only) {
  BOOST_TEST((client_key(seed, "z9hG4bK1", method::bye, "BYE") ==
              client_key(seed, "z9hG4bK1", method::bye)));
  BOOST_TEST((server_key(seed, of_method(modern(), method::bye, "BYE")) ==
              server_key(seed, of_method(modern(), method::bye))));
  BOOST_TEST(!(server_key(seed, of_method(modern(), method::extension, "FOO")) ==
               server_key(seed, of_method(modern(), method::extension, "BAR"))));
  BOOST_TEST((server_key(seed, of_method(modern(), method::extension, "FOO")) ==
              server_key(seed, of_method(modern(), method::extension, "FOO"))));
  // "The Method is case-sensitive" (7.1).
  BOOST_TEST(!(server_key(seed, of_method(modern(), method::extension, "FOO")) ==
               server_key(seed, of_method(modern(), method::extension, "foo"))));
}

// "tokens are always case-insensitive" (7.3.1), and so is the host.
BOOST_AUTO_TEST_CASE(branch_and_host_compare_without_case_7_3_1) {
  BOOST_TEST((client_key(seed, "z9hG4bK776asdhds", method::bye) ==
              client_key(seed, "Z9HG4BK776ASDHDS", method::bye)));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.branch = "Z9hg4bk776ASDHDS"; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.sent_by_host = "PC33.Atlanta.COM"; }));
  // No two characters of a token (25.1) count as one but the two cases of a letter.
  std::set<transaction_key, less> keys;
  for (char const c : std::string_view{"abcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"}) {
    char const branch[] = {'z', '9', 'h', 'G', '4', 'b', 'K', c, '\0'};
    keys.insert(client_key(seed, branch, method::bye));
    auto p = modern();
    p.branch = branch;
    keys.insert(server_key(seed, p));
  }
  BOOST_TEST(keys.size() == 2u * 46);
  for (char c = 'a'; c <= 'z'; ++c) {
    char const small[] = {'z', '9', 'h', 'G', '4', 'b', 'K', 'x', 'x', c, 'x', '\0'};
    char const large[] = {
        'z', '9', 'h', 'G', '4', 'b', 'K', 'x', 'x', static_cast<char>(c - 'a' + 'A'), 'x', '\0'};
    BOOST_TEST((client_key(seed, small, method::bye) == client_key(seed, large, method::bye)));
  }
}

// "1. the branch parameter in the request is the same as the one in the top Via header field of
// the request that created the transaction, and 2. the sent-by value …, and 3. the method".
BOOST_AUTO_TEST_CASE(branch_sent_by_and_method_make_the_server_key_17_2_3) {
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.branch = "z9hG4bK776asdhdt"; }));
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.sent_by_host = "pc34.atlanta.com"; }));
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.sent_by_port = 5061; }));
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.sent_by_port = 0; }));
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.method = method::options; }));
  BOOST_TEST(server_key_changes(modern(), [](auto& p) { p.method = method::cancel; }));
}

BOOST_AUTO_TEST_CASE(nothing_else_is_in_the_server_key_of_a_branch_with_the_cookie_17_2_3) {
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.request_uri = "sip:x@y"; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.to_tag = "other"; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.from_tag = "other"; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.call_id = "other"; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.cseq = 1; }));
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.top_via = "other"; }));
}

// "the method of the request matches the one that created the transaction, except for ACK, where
// the method of the request that created the transaction is INVITE."
BOOST_AUTO_TEST_CASE(an_ack_has_the_key_of_its_invite_17_2_3) {
  BOOST_TEST(!server_key_changes(modern(), [](auto& p) { p.method = method::ack; }));
  BOOST_TEST(!server_key_changes(old(), [](auto& p) { p.method = method::ack; }));
  // "the To tag of the ACK … MUST match the To tag in the response": that is for whoever has the
  // response.
  BOOST_TEST(!server_key_changes(old(), [](auto& p) {
    p.method = method::ack;
    p.to_tag = "314159";
  }));
}

BOOST_AUTO_TEST_CASE(a_cancel_finds_its_invite_and_keeps_a_key_of_its_own_9_2) {
  for (auto const& invite : {modern(), old()}) {
    auto const cancel = of_method(invite, method::cancel, "CANCEL");
    BOOST_TEST((cancelled_key(seed, cancel) == server_key(seed, invite)));
    BOOST_TEST(!(server_key(seed, cancel) == server_key(seed, invite)));
    auto other = cancel;
    other.branch = "z9hG4bKother";
    BOOST_TEST(!(cancelled_key(seed, other) == server_key(seed, invite)));
  }
}

BOOST_AUTO_TEST_CASE(only_a_branch_that_goes_on_after_the_cookie_is_modern_8_1_1_7) {
  BOOST_TEST(has_magic_cookie("z9hG4bK1"));
  BOOST_TEST(has_magic_cookie("Z9HG4BK776asdhds"));
  BOOST_TEST(!has_magic_cookie("z9hG4bK"));
  BOOST_TEST(!has_magic_cookie("z9hG4b"));
  BOOST_TEST(!has_magic_cookie(""));
  BOOST_TEST(!has_magic_cookie(text_view{}));
  BOOST_TEST(!has_magic_cookie("z9hG4bL1"));
  BOOST_TEST(!has_magic_cookie("xz9hG4bK"));
  BOOST_TEST(!has_magic_cookie("y9hG4bK1"));
}

// "The Request-URI, To tag, From tag, Call-ID, CSeq, and top Via header field" of RFC 2543.
BOOST_AUTO_TEST_CASE(without_the_cookie_the_fields_of_rfc_2543_make_the_key_17_2_3) {
  auto const bye = of_method(old(), method::bye, "BYE");
  for (auto const& from : {old(), bye}) {
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.request_uri = "sip:bob@biloxi.org"; }));
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.from_tag = "1928301775"; }));
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.call_id = "a84b4c76e66711"; }));
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.cseq = 314160; }));
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.top_via = "SIP/2.0/UDP pc34"; }));
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.method = method::options; }));
    // "call-ids … are case-sensitive" (8.1.1.4).
    BOOST_TEST(server_key_changes(from, [](auto& p) { p.call_id = "A84b4c76e66710"; }));
    // Those of the modern rule that the top Via does not hold.
    BOOST_TEST(!server_key_changes(from, [](auto& p) { p.sent_by_host = "other"; }));
    BOOST_TEST(!server_key_changes(from, [](auto& p) { p.sent_by_port = 1; }));
  }
  BOOST_TEST(server_key_changes(bye, [](auto& p) { p.to_tag = "1"; }));
  BOOST_TEST(!server_key_changes(old(), [](auto& p) { p.to_tag = "1"; }));
}

// A branch that is the cookie alone identifies nothing: two clients that send it are kept apart.
BOOST_AUTO_TEST_CASE(the_cookie_alone_is_matched_as_in_rfc_2543) {
  auto bare = modern();
  bare.branch = "z9hG4bK";
  BOOST_TEST(server_key_changes(bare, [](auto& p) { p.call_id = "other"; }));
  BOOST_TEST(server_key_changes(bare, [](auto& p) { p.from_tag = "other"; }));
}

// "If the From tag, Call-ID, and CSeq exactly match those associated with an ongoing transaction".
BOOST_AUTO_TEST_CASE(a_merged_request_is_known_by_from_tag_call_id_and_cseq_8_2_2_2) {
  auto const changes = [](auto change) {
    auto p = modern();
    change(p);
    return !(merged_key(seed, p) == merged_key(seed, modern()));
  };
  BOOST_TEST(changes([](auto& p) { p.from_tag = "other"; }));
  BOOST_TEST(changes([](auto& p) { p.call_id = "other"; }));
  BOOST_TEST(changes([](auto& p) { p.cseq = 314160; }));
  BOOST_TEST(changes([](auto& p) { p.method = method::options; })); // of the CSeq
  BOOST_TEST(!changes([](auto& p) { p.branch = "z9hG4bKother"; }));
  BOOST_TEST(!changes([](auto& p) { p.sent_by_host = "other"; }));
  BOOST_TEST(!changes([](auto& p) { p.sent_by_port = 1; }));
  BOOST_TEST(!changes([](auto& p) { p.request_uri = "sip:other"; }));
  BOOST_TEST(!changes([](auto& p) { p.top_via = "other"; }));
}

BOOST_AUTO_TEST_CASE(keys_of_different_kinds_never_meet) {
  std::set<transaction_key, less> keys;
  keys.insert(client_key(seed, modern().branch, method::invite));
  keys.insert(server_key(seed, modern()));
  keys.insert(merged_key(seed, modern()));
  auto bare = modern();
  bare.branch = {};
  keys.insert(server_key(seed, bare));
  BOOST_TEST(keys.size() == 4u);
}

BOOST_AUTO_TEST_CASE(where_one_text_ends_and_the_next_begins_counts) {
  auto const key = [](std::string const& branch, std::string const& host) {
    auto p = modern();
    p.branch = branch;
    p.sent_by_host = host;
    return server_key(seed, p);
  };
  BOOST_TEST(!(key("z9hG4bKab", "c") == key("z9hG4bKa", "bc")));
  std::string const text(800, 'g');
  std::set<transaction_key, less> keys;
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    keys.insert(key("z9hG4bK1" + text.substr(0, cut), text.substr(cut)));
  BOOST_TEST(keys.size() == text.size() + 1);

  auto const merged = [](std::string const& tag, std::string const& call_id) {
    auto p = modern();
    p.from_tag = tag;
    p.call_id = call_id;
    return merged_key(seed, p);
  };
  BOOST_TEST(!(merged("ab", "c") == merged("a", "bc")));
  // Texts that hold what a size or a filling zero would look like.
  keys.clear();
  std::size_t made = 0;
  for (std::size_t first = 0; first < 40; ++first)
    for (std::size_t second = 0; second < 40; ++second, ++made)
      keys.insert(merged(std::string(first, '\0'), std::string(second, '\0')));
  BOOST_TEST(keys.size() == made);

  auto const rfc2543 = [](std::string const& uri, std::string const& tag, std::string const& id) {
    auto p = of_method(old(), method::bye);
    p.request_uri = uri;
    p.from_tag = tag;
    p.call_id = id;
    return server_key(seed, p);
  };
  BOOST_TEST(!(rfc2543("sip:a", "b", "c") == rfc2543("sip:ab", "", "c")));
  BOOST_TEST(!(rfc2543("sip:a", "b", "c") == rfc2543("sip:a", "", "bc")));
}

// A size that is only counted modulo 256 lets one text swallow the end of another: 103 is 'g', and
// 359 is 103 + 256.
BOOST_AUTO_TEST_CASE(no_text_can_be_made_to_hold_the_end_of_another) {
  auto const key = [](std::string const& branch, std::string const& host) {
    auto p = modern();
    p.sent_by_port = 0;
    p.branch = branch;
    p.sent_by_host = host;
    return server_key(seed, p);
  };
  std::string const branch = "z9hG4bK" + std::string(96, 'b'); // 103 characters
  std::string const rest(255, 'r');
  std::string const host(44, 'h');
  BOOST_TEST(!(key(branch, rest + "g" + host) == key(branch + "g" + rest, host)));

  auto const merged = [](std::string const& tag, std::string const& call_id) {
    auto p = modern();
    p.from_tag = tag;
    p.call_id = call_id;
    return merged_key(seed, p);
  };
  BOOST_TEST(!(merged(branch, rest + "g" + host) == merged(branch + "g" + rest, host)));
}

BOOST_AUTO_TEST_CASE(texts_of_every_length_and_very_long_ones_are_told_apart) {
  std::set<transaction_key, less> keys;
  std::string branch = "z9hG4bK";
  for (int i = 0; i < 600; ++i) keys.insert(client_key(seed, branch += 'x', method::bye));
  BOOST_TEST(keys.size() == 600u);
  std::string const huge(70'000, 'y');
  std::string other = huge;
  other[35'000] = 'z';
  BOOST_TEST(!(client_key(seed, huge, method::bye) == client_key(seed, other, method::bye)));
  BOOST_TEST((client_key(seed, huge, method::bye) ==
              client_key(seed, std::string(70'000, 'Y'), method::bye)));
}

// Without the seed nobody can choose messages whose keys meet: every bit of it changes every key.
BOOST_AUTO_TEST_CASE(every_bit_of_the_seed_counts) {
  std::set<transaction_key, less> keys;
  for (int bit = 0; bit < 64; ++bit) {
    keys.insert(server_key({seed.low ^ std::uint64_t{1} << bit, seed.high}, modern()));
    keys.insert(server_key({seed.low, seed.high ^ std::uint64_t{1} << bit}, modern()));
  }
  keys.insert(server_key(seed, modern()));
  BOOST_TEST(keys.size() == 129u);
}

// Keys fall evenly into the buckets of a table, also when the branches are counted up.
BOOST_AUTO_TEST_CASE(keys_of_similar_branches_spread) {
  int used[256]{};
  for (int i = 0; i < 25'600; ++i) {
    auto const text = "z9hG4bK-" + std::to_string(i);
    ++used[client_key(seed, text, method::invite).value & 255];
  }
  for (int const n : used) BOOST_TEST((n > 50 && n < 150));
}

BOOST_AUTO_TEST_CASE(a_key_is_the_same_in_constant_evaluation_and_at_run_time) {
  constexpr auto client = client_key(seed, "z9hG4bK776asdhds", method::invite);
  constexpr auto server = server_key(seed, modern());
  constexpr auto old_server = server_key(seed, old());
  constexpr auto merged = merged_key(seed, modern());
  constexpr auto cancelled = cancelled_key(seed, modern());
  constexpr auto named = client_key(seed, "z9hG4bK1", method::extension, "FOOBAR");
  constexpr bool cookie = has_magic_cookie("z9hG4bK1");
  std::string const branch = "z9hG4bK776asdhds";
  auto parts = modern();
  parts.branch = branch;
  BOOST_TEST((client == client_key(seed, branch, method::invite)));
  BOOST_TEST((server == server_key(seed, parts)));
  BOOST_TEST((merged == merged_key(seed, parts)));
  BOOST_TEST((cancelled == cancelled_key(seed, parts)));
  auto old_parts = old();
  std::string const via{old_parts.top_via.data(), old_parts.top_via.size()};
  old_parts.top_via = via;
  BOOST_TEST((old_server == server_key(seed, old_parts)));
  std::string const name = "FOOBAR";
  BOOST_TEST((named == client_key(seed, std::string{"z9hG4bK1"}, method::extension, name)));
  BOOST_TEST(cookie == has_magic_cookie(std::string{"z9hG4bK1"}));
}

BOOST_AUTO_TEST_SUITE_END()
