# Shows floors.cmake a small tree for each rule that it knows: it must name the line that breaks the
# rule, and accept the tree that breaks none.
#
#   cmake -Dwork_dir=<scratch folder> -P floors_test.cmake
cmake_minimum_required(VERSION 3.23)

function(judge header content out_result out_output)
  file(REMOVE_RECURSE "${work_dir}")
  foreach(other IN ITEMS ctsip event/violation machine/table transaction/invite_client flow/flow)
    file(WRITE "${work_dir}/ctsip/${other}.hpp" "#pragma once\n")
  endforeach()
  file(WRITE "${work_dir}/ctsip/${header}" "#pragma once\n${content}\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-Dinclude_dir=${work_dir}" -P
            "${CMAKE_CURRENT_LIST_DIR}/floors.cmake"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(${out_result} "${result}" PARENT_SCOPE)
  set(${out_output} "${output}" PARENT_SCOPE)
endfunction()

function(refuses header content why)
  judge("${header}" "${content}" result output)
  foreach(expected IN ITEMS "include/ctsip/${header}" "${content}" "${why}")
    string(FIND "${output}" "${expected}" found)
    if(result EQUAL 0 OR found EQUAL -1)
      message(SEND_ERROR "${header}: '${content}' should be refused with '${expected}':\n${output}")
    endif()
  endforeach()
endfunction()

function(accepts header content)
  judge("${header}" "${content}" result output)
  if(NOT result EQUAL 0)
    message(SEND_ERROR "${header}: '${content}' should be accepted:\n${output}")
  endif()
endfunction()

accepts(dialog/dialog.hpp "#include <ctsip/machine/table.hpp>")
accepts(transaction/invite_server.hpp "#include <ctsip/transaction/invite_client.hpp>")
accepts(vocabulary/status.hpp "#include <cstdint>")
accepts(message/reader.hpp "#include <string_view>")
accepts(testing/network.hpp "#include <vector>")

refuses(event/event.hpp "#include <ctsip/machine/table.hpp>" "floor 1 may not include floor 2")
refuses(message/reader.hpp "#include <ctsip/flow/flow.hpp>" "neighbours on floor 4")
refuses(dialog/dialog.hpp "#include <ctsip/transaction/invite_client.hpp>" "neighbours on floor 3")
refuses(user_agent/endpoint.hpp "#include <ctsip/ctsip.hpp>" "umbrella")
refuses(machine/machine.hpp "#include <ctsip/machine/gone.hpp>" "no such header")
refuses(machine/machine.hpp "#include \"table.hpp\"" "not of the form")
refuses(machine/machine.hpp "  #  include <string_view>" "floors 0 to 3 include only")
refuses(message/reader.hpp "#include <string>" "no heap")
refuses(flow/ladder.hpp "#include <sys/socket.h>" "no heap")
refuses(attic/box.hpp "" "stands on no floor")
