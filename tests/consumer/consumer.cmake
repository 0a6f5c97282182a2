# The program that each consumer builds, and the version that it must find.
add_executable(consumer "${CMAKE_CURRENT_LIST_DIR}/main.cpp")
string(REPLACE "." ";" version "${ctsip_expected_version}")
foreach(part IN ITEMS MAJOR MINOR PATCH)
  list(POP_FRONT version number)
  target_compile_definitions(consumer PRIVATE CTSIP_EXPECTED_${part}=${number})
endforeach()

# The library asks its users for C++20 and for nothing else.
function(check_forces_nothing target)
  foreach(property IN ITEMS INTERFACE_COMPILE_OPTIONS INTERFACE_COMPILE_DEFINITIONS
                            INTERFACE_LINK_OPTIONS INTERFACE_LINK_LIBRARIES)
    get_target_property(value ${target} ${property})
    if(value)
      message(FATAL_ERROR "${target} forces ${property} = ${value} on its users")
    endif()
  endforeach()
endfunction()
