// All code of the user agent, each operation of it whether the program calls it or not. What this
// file compiles to is what calls and registration cost.
#include "agent.hpp"

template class ctsip::endpoint<
    size_of_agent, ctsip::registering_traits<hashes, credentials, size_of_registration>>;
template class ctsip::registration_commands<user_agent>;
