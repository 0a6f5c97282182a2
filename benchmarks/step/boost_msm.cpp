// Boost.MSM, functor front end. Built as C++17: version 1.74 does not parse as C++20 on g++ 12.
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "variant.hpp"

namespace bench::step {

namespace {

namespace msm = boost::msm;
using msm::front::Row;

template <event E>
struct msm_event {};

template <actions Does>
struct msm_does {
  template <class Event, class Machine, class From, class To>
  void operator()(Event const&, Machine& m, From&, To&) const {
    m.does = Does;
  }
};

struct msm_definition : msm::front::state_machine_def<msm_definition> {
  struct calling : msm::front::state<> {};
  struct proceeding : msm::front::state<> {};
  struct completed : msm::front::state<> {};
  struct accepted : msm::front::state<> {};
  struct terminated : msm::front::state<> {};

  using initial_state = calling;
  using no_exception_thrown = int;
  using no_message_queue = int;

  using provisional = msm_event<event::provisional>;
  using success = msm_event<event::success>;
  using failure = msm_event<event::failure>;
  using timer_a = msm_event<event::timer_a>;
  using timer_b = msm_event<event::timer_b>;
  using timer_d = msm_event<event::timer_d>;
  using timer_m = msm_event<event::timer_m>;
  using transport_error = msm_event<event::transport_error>;
  using stay = msm::front::none;

  struct transition_table
      : boost::mpl::vector<
            Row<calling, timer_a, stay, msm_does<resend_request | double_timer_a>>,
            Row<calling, timer_b, terminated, msm_does<inform_timeout | stop_timer_a>>,
            Row<calling, transport_error, terminated,
                msm_does<inform_transport_error | stop_timer_a | stop_timer_b>>,
            Row<calling, provisional, proceeding, msm_does<pass_up | stop_timer_a | stop_timer_b>>,
            Row<calling, success, accepted,
                msm_does<pass_up | stop_timer_a | stop_timer_b | start_timer_m>>,
            Row<calling, failure, completed,
                msm_does<send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d>>,
            Row<proceeding, provisional, stay, msm_does<pass_up>>,
            Row<proceeding, success, accepted, msm_does<pass_up | start_timer_m>>,
            Row<proceeding, failure, completed, msm_does<send_ack | pass_up | start_timer_d>>,
            Row<completed, failure, stay, msm_does<send_ack>>,
            Row<completed, transport_error, terminated,
                msm_does<inform_transport_error | stop_timer_d>>,
            Row<completed, timer_d, terminated>, //
            Row<accepted, success, stay, msm_does<pass_up>>, Row<accepted, timer_m, terminated>> {};

  template <class Event, class Machine>
  void no_transition(Event const&, Machine&, int) {}

  actions does = none;
};

class boost_msm {
 public:
  boost_msm() { machine_.start(); }

  actions step(event e) {
    machine_.does = none;
    switch (e) {
    case event::provisional: machine_.process_event(msm_definition::provisional{}); break;
    case event::success: machine_.process_event(msm_definition::success{}); break;
    case event::failure: machine_.process_event(msm_definition::failure{}); break;
    case event::timer_a: machine_.process_event(msm_definition::timer_a{}); break;
    case event::timer_b: machine_.process_event(msm_definition::timer_b{}); break;
    case event::timer_d: machine_.process_event(msm_definition::timer_d{}); break;
    case event::timer_m: machine_.process_event(msm_definition::timer_m{}); break;
    case event::transport_error: machine_.process_event(msm_definition::transport_error{}); break;
    }
    return machine_.does;
  }

 private:
  msm::back::state_machine<msm_definition> machine_;
};

variant<boost_msm> const entered("Boost.MSM (C++17)");

} // namespace

} // namespace bench::step
