# Measures everything into ${scratch}/figures, a line "kind|group|peer|value|units" each, and has the
# report printed from it, which fails if a bar of a count or a size is missed that was met before. Run
# by the target report, which names the programs.
file(REMOVE_RECURSE "${scratch}")
file(MAKE_DIRECTORY "${scratch}")
set(figures "${scratch}/figures")
file(WRITE "${figures}" "")

if(DEFINED ENV{CTSIP_BENCHMARKS_BRIEF})
  set(repetitions 3)
  set(least_time 0.01)
  set(compilations 2)
  set(sipp_calls 1000)
  list(SUBLIST compilers 0 1 compilers)
else()
  set(repetitions 15)
  set(least_time 0.02)
  set(compilations 5)
  set(sipp_calls 5000)
endif()

# Times. Repetitions of all subjects are shuffled, so that what disturbs one disturbs all; the
# report takes the best of each.
execute_process(
  COMMAND "${time_program}" --benchmark_repetitions=${repetitions} --benchmark_format=csv
          --benchmark_enable_random_interleaving=true --benchmark_min_time=${least_time}
  OUTPUT_FILE "${scratch}/times.csv" ERROR_FILE "${scratch}/times.log"
  COMMAND_ERROR_IS_FATAL ANY)

# Instructions.
if(count_program)
  execute_process(
    COMMAND "${valgrind_program}" --tool=callgrind --collect-atstart=no
            "--callgrind-out-file=${scratch}/callgrind.out" "${count_program}"
    ERROR_FILE "${scratch}/count.log" COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB dumps "${scratch}/callgrind.out.*")
  foreach(dump IN LISTS dumps)
    file(STRINGS "${dump}" lines REGEX "^(desc: Trigger: Client Request|totals): ")
    if("${lines}" MATCHES "Client Request: ([^|]*)[|]([^|]*)[|]([0-9]+);totals: ([0-9]+)")
      file(APPEND "${figures}"
           "count|${CMAKE_MATCH_1}|${CMAKE_MATCH_2}|${CMAKE_MATCH_4}|${CMAKE_MATCH_3}\n")
    endif()
  endforeach()
endif()

# Processor time for each call of SIPp's.
if(sipp_script)
  execute_process(
    COMMAND "${bash_program}" "${sipp_script}" ${sipp_calls} 500 "${scratch}/sipp" ${answering}
    OUTPUT_VARIABLE answered COMMAND_ERROR_IS_FATAL ANY)
  file(APPEND "${figures}" "${answered}")
endif()

# Bytes held.
execute_process(COMMAND "${weigh_program}" OUTPUT_VARIABLE weights COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "([^\n]+)\n" "weight|\\1|1\n" weights "${weights}")
file(APPEND "${figures}" "${weights}")

# Code and constants.
if(size_program)
  foreach(layer IN LISTS layers)
    cmake_path(GET layer FILENAME name)
    string(REGEX REPLACE "\\..*" "" name "${name}")
    string(REPLACE "_" " " name "${name}")
    execute_process(COMMAND "${size_program}" -A "${layer}" OUTPUT_VARIABLE sections
                    COMMAND_ERROR_IS_FATAL ANY)
    foreach(section IN ITEMS text rodata)
      string(REGEX MATCHALL "\n\\.${section}[^ ]* +[0-9]+" found "${sections}")
      set(bytes 0)
      foreach(row IN LISTS found)
        string(REGEX MATCH "[0-9]+$" row "${row}")
        math(EXPR bytes "${bytes} + ${row}")
      endforeach()
      file(APPEND "${figures}" "${section}|code|${name}|${bytes}|1\n")
    endforeach()
  endforeach()
endif()

# Compile time of each header, and of files that use them.
if(compilers)
  execute_process(
    COMMAND "${compile_program}" "${include}" "${compiled}" "${scratch}" ${compilations} ${compilers}
    OUTPUT_VARIABLE compile_times COMMAND_ERROR_IS_FATAL ANY)
  file(APPEND "${figures}" "${compile_times}")
endif()

execute_process(COMMAND "${report_program}" --strict "${figures}" "${scratch}/times.csv"
                COMMAND_ERROR_IS_FATAL ANY)
