// All code of the least agent, as agent.cpp has that of the whole one.
#include "agent.hpp"

template class ctsip::endpoint<size_of_agent, least_traits>;
