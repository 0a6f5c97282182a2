# Compiles one misuse, or its cure, and judges what the compiler says.
#
#   cmake -Dsource_dir=<top of the project> -Dfile=<file, from there> -Dmode=mistake|cure
#         -Dcompiler=<g++ or clang++> -P misuse.cmake
#
# The file holds the mistake and, under `#ifdef CURED`, its cure. Each line `// expect: <text>` names
# a text that the compiler must print for the mistake: the rule's sentence, its clause, the step.
# `// expect: <text> || <text>` is for what compilers spell differently: one of them is enough. The
# whole output stays under 4,000 characters, and ends in an error, not in a crash of the compiler.
cmake_minimum_required(VERSION 3.23)

set(limit 4000)

file(READ "${source_dir}/${file}" content)
if(NOT content MATCHES "#[ \t]*ifdef CURED|#[ \t]*ifndef CURED|defined\\(CURED\\)")
  message(FATAL_ERROR "${file}: holds no cure (#ifdef CURED)")
endif()
if(NOT content MATCHES "// expect: [^\n]")
  message(FATAL_ERROR "${file}: declares no text to expect (// expect: ...)")
endif()

# From the top of the project, with relative names: the output is the same in every checkout.
set(cured)
if(mode STREQUAL "cure")
  set(cured -DCURED -Wall -Wextra -Wpedantic -Werror)
endif()
set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${compiler}" -std=c++20 -fsyntax-only -fdiagnostics-color=never -fmessage-length=0
          -Iinclude ${cured} "${file}"
  WORKING_DIRECTORY "${source_dir}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(LENGTH "${output}" length)
message(NOTICE "${output}") # as it stands: an error would wrap it

if(mode STREQUAL "cure")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${file}: the cure does not compile")
  endif()
  return()
endif()

if(result EQUAL 0)
  message(FATAL_ERROR "${file}: the mistake compiles")
endif()
if(NOT result EQUAL 1 OR output MATCHES "internal compiler error|PLEASE submit a bug report"
   OR NOT output MATCHES "error:")
  message(FATAL_ERROR "${file}: the compiler failed (${result}) without an error")
endif()
if(output MATCHES "fatal error:")
  message(FATAL_ERROR "${file}: the compiler gave up before the mistake")
endif()

# Line by line by hand: a text may hold the brackets and semicolons that CMake's lists trip over.
string(REPLACE "\r" "" rest "${content}\n")
set(marker "// expect: ")
string(LENGTH "${marker}" marker_length)
string(FIND "${rest}" "${marker}" at)
while(NOT at EQUAL -1)
  math(EXPR at "${at} + ${marker_length}")
  string(SUBSTRING "${rest}" ${at} -1 rest)
  string(FIND "${rest}" "\n" end)
  string(SUBSTRING "${rest}" 0 ${end} expected)
  string(STRIP "${expected}" expected)
  set(said FALSE)
  set(spellings "${expected} || ")
  string(FIND "${spellings}" " || " bar)
  while(NOT bar EQUAL -1)
    string(SUBSTRING "${spellings}" 0 ${bar} spelling)
    string(FIND "${output}" "${spelling}" found)
    if(NOT found EQUAL -1)
      set(said TRUE)
    endif()
    math(EXPR bar "${bar} + 4")
    string(SUBSTRING "${spellings}" ${bar} -1 spellings)
    string(FIND "${spellings}" " || " bar)
  endwhile()
  if(NOT said)
    message(NOTICE "${file}: the output does not say: ${expected}")
    set(failed TRUE)
  endif()
  string(FIND "${rest}" "${marker}" at)
endwhile()

if(NOT length LESS limit)
  message(NOTICE "${file}: ${length} characters of output, the limit is ${limit}")
  set(failed TRUE)
endif()
if(failed)
  message(FATAL_ERROR "${file}: the compiler does not say what it should")
endif()
message(STATUS "${file}: ${length} characters")
