# Shows misuse.cmake files that keep its rules and files that break them, one rule each.
#
#   cmake -Dwork_dir=<scratch folder> -Dcompiler=<g++ or clang++> -P misuse_test.cmake
cmake_minimum_required(VERSION 3.23)

function(judges mode verdict content)
  file(WRITE "${work_dir}/misuse.cpp" "${content}")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-Dsource_dir=${work_dir}" -Dfile=misuse.cpp -Dmode=${mode}
            "-Dcompiler=${compiler}" -P "${CMAKE_CURRENT_LIST_DIR}/misuse.cmake"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(verdict STREQUAL "good")
    if(NOT result EQUAL 0)
      message(SEND_ERROR "should be accepted:\n${content}\n${output}")
    endif()
    return()
  endif()
  string(FIND "${output}" "${verdict}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "should be refused with '${verdict}':\n${content}\n${output}")
  endif()
endfunction()

set(good "// expect: ACK before a final response; [RFC 3261 13.2.2.4]\n
#ifdef CURED
static_assert(true);
#else
static_assert(false, \"ACK before a final response; [RFC 3261 13.2.2.4]\");
#endif\n")
judges(mistake good "${good}")
judges(cure good "${good}")

string(REPLACE "static_assert(false" "static_assert(true" compiles "${good}")
judges(mistake "the mistake compiles" "${compiles}")
string(REPLACE "static_assert(true)" "static_assert(false)" incurable "${good}")
judges(cure "the cure does not compile" "${incurable}")
judges(mistake "does not say: step 3" "${good}// expect: step 3\n")
judges(mistake good "${good}// expect: step 3 || ACK before a final response\n")
judges(mistake good "${good}// expect: ACK before a final response || step 3\n")
judges(mistake "does not say: step 3 || step 4" "${good}// expect: step 3 || step 4\n")
string(REPLACE "#ifdef CURED" "#if 0" cureless "${good}")
judges(mistake "holds no cure" "${cureless}")
string(REPLACE "// expect: ACK" "// ACK" silent "${good}")
judges(mistake "declares no text" "${silent}")
judges(mistake "gave up before the mistake" "${good}#include <ctsip/no_such_header.hpp>\n")
string(REPEAT "x" 4000 long)
judges(mistake "the limit is 4000" "${good}static_assert(false, \"${long}\");\n")
