# Checks that includes point down the floors only, and that each floor includes only the standard
# headers that it may. Prints every line that does not.
#
#   cmake -Dinclude_dir=<include> -P floors.cmake
cmake_minimum_required(VERSION 3.23)

# The floors from the ground up. A folder includes itself and the floors below its own.
set(floor_0 vocabulary)
set(floor_1 event)
set(floor_2 machine)
set(floor_3 transaction dialog registration)
set(floor_4 flow message)
set(floor_5 user_agent testing)

# Folders of one floor that may include each other's headers, as from:to.
set(allowed_neighbours registration:transaction testing:user_agent)

# Floors 0 to 3 are what every translation unit pays for: no header that costs time to compile.
set(light_headers cstddef cstdint)

# Floors 0 to 4 have no heap, no exception, no clock, no thread, no socket and no stream. That all C
# headers are refused keeps the sockets out.
set(refused_headers
    any chrono condition_variable coroutine ctime deque exception execution filesystem format
    forward_list fstream functional future iomanip ios iosfwd iostream istream latch list locale map
    memory memory_resource mutex new ostream queue random regex semaphore set shared_mutex sstream
    stack stdexcept stop_token streambuf string strstream syncstream system_error thread typeindex
    typeinfo unordered_map unordered_set vector)

foreach(level RANGE 5)
  foreach(folder IN LISTS floor_${level})
    set(level_of_${folder} ${level})
  endforeach()
endforeach()

# The folder of a header on one of the floors, or nothing.
function(find_folder header out)
  set(${out} "" PARENT_SCOPE)
  if(header MATCHES "^ctsip/([a-z_]+)/[^/]+$")
    set(folder "${CMAKE_MATCH_1}")
    if(DEFINED level_of_${folder})
      set(${out} "${folder}" PARENT_SCOPE)
    endif()
  endif()
endfunction()

# As a notice, which prints a line as it stands; an error would be wrapped.
set(refused 0)
macro(refuse header line why)
  message(NOTICE "include/${header}: ${line}\n  ${why}")
  math(EXPR refused "${refused} + 1")
endmacro()

file(GLOB_RECURSE headers RELATIVE "${include_dir}" "${include_dir}/*.hpp")
list(LENGTH headers count)
if(count EQUAL 0)
  message(FATAL_ERROR "no header in ${include_dir}")
endif()

foreach(header IN LISTS headers)
  find_folder("${header}" folder)
  if(header STREQUAL "ctsip/ctsip.hpp")
    set(level 6)
  elseif(header STREQUAL "ctsip/version.hpp")
    set(level 0)
  elseif(folder)
    set(level ${level_of_${folder}})
  else()
    refuse("${header}" "" "stands on no floor")
    continue()
  endif()

  file(STRINGS "${include_dir}/${header}" lines REGEX "^[ \t]*#[ \t]*(include|import)")
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "^[ \t]*#[ \t]*include[ \t]*<([^>]+)>")
      refuse("${header}" "${line}" "is not of the form #include <...>")
      continue()
    endif()
    set(name "${CMAKE_MATCH_1}")

    if(name MATCHES "^ctsip/")
      find_folder("${name}" other)
      if(NOT EXISTS "${include_dir}/${name}")
        refuse("${header}" "${line}" "there is no such header")
      elseif(level EQUAL 6 OR name STREQUAL "ctsip/version.hpp")
        continue()
      elseif(NOT other)
        refuse("${header}" "${line}" "the umbrella is for the library's users")
      else()
        set(other_level ${level_of_${other}})
        if(other_level GREATER level)
          refuse("${header}" "${line}" "floor ${level} may not include floor ${other_level}")
        elseif(other_level EQUAL level AND NOT other STREQUAL folder
               AND NOT "${folder}:${other}" IN_LIST allowed_neighbours)
          refuse("${header}" "${line}" "${folder}/ and ${other}/ are neighbours on floor ${level}")
        endif()
      endif()
    elseif(level LESS 4 AND NOT name IN_LIST light_headers)
      refuse("${header}" "${line}" "floors 0 to 3 include only: ${light_headers}")
    elseif(level EQUAL 4 AND (name IN_LIST refused_headers OR name MATCHES "[./]"))
      refuse("${header}" "${line}" "floors 0 to 4 have no heap, exception, clock, socket or stream")
    endif()
  endforeach()
endforeach()
if(refused)
  message(FATAL_ERROR "${refused} of the includes are not allowed")
endif()
message(STATUS "${count} headers checked")
