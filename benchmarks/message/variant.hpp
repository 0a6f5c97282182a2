// Has a reader read the six messages: to classify them for a transaction layer, and to take them
// apart as far as it does at all.
#pragma once

#include "../messages.hpp"
#include "../subject.hpp"

namespace bench {

/// `Reader::classify(text, take)` calls `take` with a `messages::classification` whose views are
/// good during that call; `Reader::parse(text)` returns whether the message is in order.
template <class Reader>
struct message_variant {
  explicit message_variant(char const* name)
      : classify("classify six messages", name, 1, &check_classify, &run_classify),
        parse("parse and check six messages", name, 1, &run_parse_checked, &run_parse) {}

  subject classify;
  subject parse;

 private:
  static void run_classify() {
    for (auto const& m : messages::six)
      Reader::classify(m.text, [](messages::classification const& found) { keep(found); });
  }
  static bool check_classify() {
    int right = 0;
    for (auto const& m : messages::six)
      Reader::classify(m.text, [&](messages::classification const& found) {
        right += is_expected(found, m.expected);
      });
    return right == 6;
  }
  static bool run_parse_checked() {
    bool right = true;
    for (auto const& m : messages::six) right = Reader::parse(m.text) && right;
    return right;
  }
  static void run_parse() { keep(run_parse_checked()); }
};

} // namespace bench
