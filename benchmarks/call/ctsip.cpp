// The product of the library.
#include <ctsip/dialog/call.hpp>
#include <ctsip/machine/timed_composition.hpp>

#include "variant.hpp"

namespace bench::call {

namespace {

template <class Rules>
struct product;

template <class... Rules>
struct product<ctsip::composition<Rules...>> {
  static_assert(sizeof...(Rules) == rules);

  static outcome read(ctsip::composed_step<Rules...> const& taken) {
    if (taken.refused()) return refused_by(taken.refused_by);
    outcome all = 0;
    unsigned at = 0;
    ((all |= outcome{taken.template does<Rules>().bits} << (8 * at++)), ...);
    return all;
  }
};

// The composition that a call is, or is made from.
template <class... Rules>
ctsip::composition<Rules...> base_of(ctsip::composition<Rules...> const&);

class ctsip_product {
 public:
  outcome step(fed_message const& m) {
    return product<decltype(base_of(call_))>::read(
        call_.process(m.message, ctsip::on_violation::report{}));
  }

 private:
  ctsip::uac_call call_;
};

variant<ctsip_product> const entered("ctsip product");
template <class T>
double bytes() {
  return static_cast<double>(sizeof(T));
}

figure const one("bytes per call, all rules and their numbers", "uac_call", bytes<ctsip::uac_call>);
figure const with_timers("bytes per call, all rules and their numbers",
                         "timed_composition<uac_call>",
                         bytes<ctsip::timed_composition<ctsip::uac_call>>);
figure const with_branches("bytes per call, all rules and their numbers", "forking<uac_call, 4>",
                           bytes<ctsip::forking<ctsip::uac_call, 4>>);

} // namespace

} // namespace bench::call
