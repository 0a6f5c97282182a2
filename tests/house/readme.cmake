# Checks the README's two commands: each is one line after its marker, runs the preset that it is
# named for, and continuous integration takes the second from there.
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
