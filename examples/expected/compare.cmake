# Runs a program and compares what it prints with what is expected.
#
#   cmake -Dprogram=<program> -Dexpected=<file> -Dactual=<file to write> -P compare.cmake
cmake_minimum_required(VERSION 3.23)

execute_process(COMMAND "${program}" RESULT_VARIABLE result OUTPUT_FILE "${actual}"
                ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${program} ended with ${result}\n${errors}")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${actual}" "${expected}"
                RESULT_VARIABLE different ERROR_QUIET)
if(different)
  file(READ "${expected}" expected_text)
  file(READ "${actual}" actual_text)
  message(NOTICE "--- expected\n${expected_text}\n--- printed\n${actual_text}")
  message(FATAL_ERROR "${actual} differs from ${expected}")
endif()
