# Runs the image, which checks the calls and the registration, and measures the object files. Each
# size has a bar, which is where it is meant to be, and a limit, which it must not pass.
cmake_minimum_required(VERSION 3.23)

execute_process(COMMAND "${qemu}" -M mps2-an386 -nographic -monitor none -serial none
                        -semihosting-config enable=on,target=native -icount shift=6
                        -kernel "${image}"
                RESULT_VARIABLE code OUTPUT_VARIABLE report ERROR_VARIABLE report)
message("${report}")
if(NOT code EQUAL 0)
  message(SEND_ERROR "the image ended with ${code}")
endif()

function(compare what value bar limit)
  set(verdict "within its bar of ${bar}")
  if(value GREATER bar)
    math(EXPR over "${value} - ${bar}")
    set(verdict "${over} over its bar of ${bar}")
  endif()
  message("${what}: ${value} bytes, ${verdict}")
  if(value GREATER limit)
    message(SEND_ERROR "${what}: ${value} bytes, more than ${limit}")
  endif()
endfunction()

# Sums of the sections of an object file: code, constants, variables.
function(measure name what bar limit)
  execute_process(COMMAND "${size}" -A "${object_dir}/${name}.o" OUTPUT_VARIABLE sections
                  COMMAND_ERROR_IS_FATAL ANY)
  set(text 0)
  set(rodata 0)
  set(data 0)
  string(REPLACE "\n" ";" sections "${sections}")
  foreach(section IN LISTS sections)
    if(section MATCHES "^\\.(text|rodata|data|bss)[^ ]* +([0-9]+)")
      set(kind "${CMAKE_MATCH_1}")
      set(bytes "${CMAKE_MATCH_2}")
      string(REPLACE bss data kind "${kind}")
      math(EXPR ${kind} "${${kind}} + ${bytes}")
    endif()
  endforeach()
  compare("code of ${what}" ${text} ${bar} ${limit})
  message("constants of ${what}: ${rodata} bytes")
  compare("writable RAM of ${what}" ${data} 0 0)
endfunction()

# As `arm-none-eabi-g++ -Os` of Debian 12 makes them.
measure(layers "the reader, the writer and the four transactions" 12288 12288)
measure(agent "the whole user agent" 24576 104600)
measure(least_agent "the least user agent" 24576 59600)

function(compare_ram line what bar limit)
  string(REGEX MATCH "${line} +([0-9]+)" found "${report}")
  compare("${what}" "${CMAKE_MATCH_1}" ${bar} ${limit})
endfunction()
compare_ram("without buffers for messages" "RAM of the whole agent for 4 calls without its messages"
            8192 8192)
compare_ram("least agent, without them" "RAM of the least agent for 4 calls without its messages"
            8192 4720)
