// The one translation unit that holds Boost.Test itself; the cases stand in the folders beside it.
#define BOOST_TEST_MODULE ctsip
#include <boost/test/included/unit_test.hpp>
