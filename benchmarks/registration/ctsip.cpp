// The library's registration: its rules, timers and transactions, which are told what a message
// says; and of these its transactions alone, kept in a store.
#include <ctsip/message/reader.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/transaction/store.hpp>

#include "variant.hpp"

namespace bench {

namespace {

using enum ctsip::transaction_action;

constexpr ctsip::instant now{1000};

struct rules_timers_and_transactions {
  static inline ctsip::registration_message told[4];

  // What a user agent reads of the messages.
  static void prepare() {
    using enum ctsip::direction;
    constexpr auto method = ctsip::method::register_;
    told[0] = ctsip::request_event(sent, method);
    told[1] = ctsip::response_event(received, 401, method);
    told[2] = ctsip::request_event(sent, method);
    told[3] = ctsip::response_event(received, 200, method);
    for (int i = 0; i < 4; ++i) told[i].cseq = i < 2 ? 1 : 2;
    for (int const i : {0, 2}) {
      told[i].call_id = 1;
      told[i].contact = 1;
      told[i].expires = 3600;
      told[i].expires_said = true;
    }
    for (int const i : {1, 2}) told[i].nonce = 1;
    told[3].listing = ctsip::contact_listing::listed;
    told[3].granted = 3600;
  }

  static registering run_one(int) {
    registering so_far;
    ctsip::registration r;
    for (auto const& m : told) {
      auto const step =
          r.process(m, now, ctsip::default_registration_settings, ctsip::on_violation::report{});
      if (step.transaction.has(send_request)) ++so_far.sent;
      if (step.transaction.has(pass_response_up)) ++so_far.passed_up;
    }
    so_far.is_bound = r.binding() == ctsip::known_binding::registered &&
                      r.until() == now + ctsip::milliseconds{3'600'000};
    keep(r);
    return so_far;
  }
  static bool is_right(registering r) { return r.sent == 2 && r.passed_up == 2 && r.is_bound; }
};

struct transactions_alone {
  static constexpr ctsip::hash_seed seed{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
  using store = ctsip::transaction_store<64>;
  static inline store transactions{seed};
  static inline ctsip::transaction_handle done[registrations_per_run][2];
  static inline std::string_view branches[2];
  static inline std::uint16_t statuses[2];

  static void prepare() {
    for (auto const& both : done)
      for (auto const h : both) transactions.remove(h);
    branches[0] = ctsip::read(messages::unauthorized).value.top_via().branch();
    branches[1] = ctsip::read(messages::registered).value.top_via().branch();
    statuses[0] = 401;
    statuses[1] = 200;
  }

  static registering run_one(int i) {
    using enum ctsip::direction;
    constexpr auto method = ctsip::method::register_;
    registering so_far;
    for (int n = 0; n < 2; ++n) {
      auto const h =
          transactions.add(ctsip::transaction_kind::non_invite_client,
                           ctsip::client_key(seed, branches[n], method), ctsip::transport::udp);
      auto step = transactions.process(h, ctsip::request_event(sent, method), now);
      if (step.does.has(send_request)) ++so_far.sent;
      auto const found = transactions.find(ctsip::client_key(seed, branches[n], method));
      step = transactions.process(found, ctsip::response_event(received, statuses[n], method), now);
      if (step.does.has(pass_response_up)) ++so_far.passed_up;
      done[i][n] = h;
    }
    return so_far;
  }
  static bool is_right(registering r) { return r.sent == 2 && r.passed_up == 2; }
};

registration_variant<rules_timers_and_transactions> const whole(registration_group, "ctsip");
registration_variant<transactions_alone> const part(registration_group, "ctsip, transactions only");

template <class T>
double bytes() {
  return static_cast<double>(sizeof(T));
}

figure const machine(registration_weight, "registration", bytes<ctsip::registration>);
figure const with_timers(registration_weight, "timed_composition<registration_rules>",
                         bytes<ctsip::timed_composition<ctsip::registration_rules>>);
figure const rules(registration_weight, "registration_rules", bytes<ctsip::registration_rules>);

} // namespace

} // namespace bench
