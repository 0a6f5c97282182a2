// All code of the user agent, each operation of it whether the program calls it or not. What this
// file compiles to is what calls and registration cost.
#include "agent.hpp"

template class ctsip::endpoint<size_of_agent, board_traits>;
template class ctsip::registration_commands<user_agent>;
template class ctsip::modification_commands<user_agent, true>;
