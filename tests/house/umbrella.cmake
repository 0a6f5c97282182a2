# Checks that ctsip.hpp, "the whole library", includes every header, directly or by way of another.
#
#   cmake -Dinclude_dir=<top>/include -P umbrella.cmake
cmake_minimum_required(VERSION 3.23)

set(reached "ctsip/ctsip.hpp")
set(open "ctsip/ctsip.hpp")
while(open)
  list(POP_FRONT open header)
  file(STRINGS "${include_dir}/${header}" lines REGEX "^#include <ctsip/")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^#include <([^>]+)>.*" "\\1" included "${line}")
    if(NOT included IN_LIST reached)
      list(APPEND reached "${included}")
      list(APPEND open "${included}")
    endif()
  endforeach()
endwhile()

file(GLOB_RECURSE headers RELATIVE "${include_dir}" "${include_dir}/*.hpp")
foreach(header IN LISTS headers)
  if(NOT header IN_LIST reached)
    message(SEND_ERROR "ctsip/ctsip.hpp does not reach ${header}")
  endif()
endforeach()
