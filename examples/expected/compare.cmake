# Runs a program and compares what it prints with what is expected.
#
#   cmake -Dprogram=<program> -Dexpected=<file> -Dactual=<file to write> -P compare.cmake
#
# -Dinput=<file>       for its standard input
# -Darguments=<list>   for its command line
# -Dexit_code=<number> that it must end with, 0 if not given
#
# Without -Dexpected it only has to end so.
cmake_minimum_required(VERSION 3.23)

set(redirect)
if(DEFINED input)
  set(redirect INPUT_FILE "${input}")
endif()
if(NOT DEFINED exit_code)
  set(exit_code 0)
endif()
execute_process(COMMAND "${program}" ${arguments} ${redirect} RESULT_VARIABLE result
                OUTPUT_FILE "${actual}" ERROR_VARIABLE errors)
if(NOT result STREQUAL exit_code)
  message(FATAL_ERROR "${program} ended with ${result}, expected ${exit_code}\n${errors}")
endif()
if(NOT DEFINED expected)
  return()
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${actual}" "${expected}"
                RESULT_VARIABLE different ERROR_QUIET)
if(different)
  file(READ "${expected}" expected_text)
  file(READ "${actual}" actual_text)
  message(NOTICE "--- expected\n${expected_text}\n--- printed\n${actual_text}")
  message(FATAL_ERROR "${actual} differs from ${expected}")
endif()
