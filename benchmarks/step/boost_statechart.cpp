// Boost.Statechart: states and events are classes, and a transition destroys one state object and
// makes another on the heap.
#include <boost/mpl/list.hpp>
#include <boost/statechart/event.hpp>
#include <boost/statechart/in_state_reaction.hpp>
#include <boost/statechart/simple_state.hpp>
#include <boost/statechart/state_machine.hpp>
#include <boost/statechart/transition.hpp>

#include "variant.hpp"

namespace bench::step {

namespace {

namespace sc = boost::statechart;

template <event E>
struct chart_event : sc::event<chart_event<E>> {};

struct chart_calling;
struct chart_proceeding;
struct chart_completed;
struct chart_accepted;
struct chart_terminated;

struct chart : sc::state_machine<chart, chart_calling> {
  actions does = none;

  template <event E, actions Does>
  void act(chart_event<E> const&) {
    does = Does;
  }
};

template <event E, actions Does, class To>
using go = sc::transition<chart_event<E>, To, chart, &chart::act<E, Does>>;
template <event E, actions Does>
using stay = sc::in_state_reaction<chart_event<E>, chart, &chart::act<E, Does>>;

using boost::mpl::list;

struct chart_calling : sc::simple_state<chart_calling, chart> {
  using reactions = list<
      stay<event::timer_a, resend_request | double_timer_a>,
      go<event::timer_b, inform_timeout | stop_timer_a, chart_terminated>,
      go<event::transport_error, inform_transport_error | stop_timer_a | stop_timer_b,
         chart_terminated>,
      go<event::provisional, pass_up | stop_timer_a | stop_timer_b, chart_proceeding>,
      go<event::success, pass_up | stop_timer_a | stop_timer_b | start_timer_m, chart_accepted>,
      go<event::failure, send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d,
         chart_completed>>;
};

struct chart_proceeding : sc::simple_state<chart_proceeding, chart> {
  using reactions = list<stay<event::provisional, pass_up>,
                         go<event::success, pass_up | start_timer_m, chart_accepted>,
                         go<event::failure, send_ack | pass_up | start_timer_d, chart_completed>>;
};

struct chart_completed : sc::simple_state<chart_completed, chart> {
  using reactions =
      list<stay<event::failure, send_ack>,
           go<event::transport_error, inform_transport_error | stop_timer_d, chart_terminated>,
           go<event::timer_d, none, chart_terminated>>;
};

struct chart_accepted : sc::simple_state<chart_accepted, chart> {
  using reactions = list<stay<event::success, pass_up>, go<event::timer_m, none, chart_terminated>>;
};

struct chart_terminated : sc::simple_state<chart_terminated, chart> {};

class boost_statechart {
 public:
  boost_statechart() { chart_.initiate(); }

  actions step(event e) {
    chart_.does = none;
    switch (e) {
    case event::provisional: chart_.process_event(chart_event<event::provisional>()); break;
    case event::success: chart_.process_event(chart_event<event::success>()); break;
    case event::failure: chart_.process_event(chart_event<event::failure>()); break;
    case event::timer_a: chart_.process_event(chart_event<event::timer_a>()); break;
    case event::timer_b: chart_.process_event(chart_event<event::timer_b>()); break;
    case event::timer_d: chart_.process_event(chart_event<event::timer_d>()); break;
    case event::timer_m: chart_.process_event(chart_event<event::timer_m>()); break;
    case event::transport_error: chart_.process_event(chart_event<event::transport_error>()); break;
    }
    return chart_.does;
  }

 private:
  chart chart_;
};

variant<boost_statechart> const entered("Boost.Statechart");

} // namespace

} // namespace bench::step
