# Checks the README's two commands: each is one line after its marker, runs the preset that it is
# named for, and continuous integration takes the second from there. And its C++ samples: every line
# of them stands in a file that is compiled.
#
#   cmake -Dsource_dir=<top of the project> -P readme.cmake
cmake_minimum_required(VERSION 3.23)

file(READ "${source_dir}/README.md" readme)
foreach(name IN ITEMS demo test)
  string(REGEX MATCHALL "<!-- command: ${name} -->\n```sh\n[^\n]+ --preset ${name}\n```\n" blocks
         "${readme}")
  # A command has semicolons of its own, so the blocks are counted by their markers.
  string(REGEX MATCHALL "<!-- command: ${name} -->" markers "${blocks}")
  list(LENGTH markers count)
  if(NOT count EQUAL 1)
    message(SEND_ERROR "README.md: ${count} one-line commands marked '${name}', expected 1")
  endif()
endforeach()

file(READ "${source_dir}/.ci/run" run)
string(FIND "${run}" "<!-- command: test -->" found)
if(found EQUAL -1)
  message(SEND_ERROR ".ci/run does not take its test command from README.md")
endif()

# Lines are compared without their indentation, and looked for in all that could hold them.
set(compiled "\n")
file(GLOB sources "${source_dir}/tests/readme/*.cpp" "${source_dir}/tests/compile_fail/*/*.cpp"
     "${source_dir}/examples/14_user_agent.cpp"
     "${source_dir}/include/ctsip/transaction/invite_client.hpp")
foreach(source IN LISTS sources)
  file(READ "${source}" text)
  string(APPEND compiled "${text}\n")
endforeach()
string(REGEX REPLACE "\n +" "\n" compiled "${compiled}")

set(rest "${readme}")
set(samples 0)
while(rest MATCHES "```cpp\n")
  string(FIND "${rest}" "```cpp\n" at)
  math(EXPR at "${at} + 7")
  string(SUBSTRING "${rest}" ${at} -1 rest)
  string(FIND "${rest}" "```" end)
  string(SUBSTRING "${rest}" 0 ${end} sample)
  math(EXPR samples "${samples} + 1")
  string(REGEX REPLACE "\n +" "\n" sample "\n${sample}")
  string(FIND "${compiled}" "${sample}" found)
  if(found EQUAL -1)
    message(SEND_ERROR "README.md: C++ sample ${samples} is compiled nowhere:${sample}")
  endif()
endwhile()
if(samples EQUAL 0)
  message(SEND_ERROR "README.md has no C++ sample")
endif()
