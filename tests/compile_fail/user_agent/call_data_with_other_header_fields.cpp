// The data of a call has header fields, and forgets the status code of a response.
// expect: call_data::header_fields(method, status_code) has to give extra_fields
#include <span>

#include <ctsip/user_agent/endpoint.hpp>

using namespace ctsip;

struct data {
#ifdef CURED
  std::span<extra_field const> header_fields(method, status_code) const { return {}; }
#else
  std::span<extra_field const> header_fields(method) const { return {}; }
#endif
};
struct traits_of_user : endpoint_traits {
  using call_data = data;
};
void f(endpoint_settings const& settings) { endpoint<endpoint_size{}, traits_of_user>{settings}; }
