# Breaks an example as its first lines say, and checks that the compiler refuses it with the words
# that they quote.
#
#   cmake -Dexample=<name> -Dcompiler=<C++ compiler> -Dsource_dir=<top of the project>
#         -Dwork_dir=<folder to write to> -P broken.cmake
cmake_minimum_required(VERSION 3.23)

# In the source, which is in `text`.
function(change from to)
  string(FIND "${text}" "${from}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${example}.cpp: not found: ${from}")
  endif()
  string(LENGTH "${from}" length)
  string(SUBSTRING "${text}" 0 ${at} head)
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${text}" ${at} -1 tail)
  set(text "${head}${to}${tail}" PARENT_SCOPE)
endfunction()
# The first such line, away; and a line, in front of the first such.
macro(remove line)
  change("\n${line}\n" "\n")
endmacro()
macro(insert line before)
  change("\n${before}\n" "\n${line}\n${before}\n")
endmacro()

# What the compiler says of `text`; the words must be in the first lines of the example too.
function(expect_refusal)
  set(ENV{LC_ALL} C)
  file(WRITE "${work_dir}/${example}.cpp" "${text}")
  execute_process(
    COMMAND "${compiler}" -std=c++20 -Wall -Wextra -Werror -fsyntax-only
            -fdiagnostics-color=never -fmessage-length=0 "-I${work_dir}"
            "-I${source_dir}/include" "-I${source_dir}/examples" "${work_dir}/${example}.cpp"
    RESULT_VARIABLE result OUTPUT_VARIABLE printed ERROR_VARIABLE printed)
  if(result EQUAL 0)
    message(FATAL_ERROR "${example}.cpp compiles although it is broken")
  endif()
  file(READ "${source_dir}/examples/${example}.cpp" original)
  string(REGEX MATCH "^(//[^\n]*\n)+" opening "${original}")
  string(REGEX REPLACE "\n// *" " " opening "${opening}")
  foreach(words IN LISTS ARGN)
    string(FIND "${opening}" "${words}" found)
    if(found EQUAL -1)
      message(FATAL_ERROR "${example}.cpp: its first lines do not say: ${words}")
    endif()
    # Compilers differ: clang prints a sentence and its clause apart, and clang 14 the step only as
    # an argument.
    set(said TRUE)
    if(words MATCHES "^at_step<([0-9]+)$")
      set(step "${CMAKE_MATCH_1}")
      if(NOT printed MATCHES "at_step<${step}[^0-9]|at_step\\((m, )?${step}[^0-9]")
        set(said FALSE)
      endif()
    else()
      set(parts "${words}")
      if(words MATCHES "^(.+) \\(([^()]+)\\)$")
        set(parts "${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}")
      endif()
      foreach(part IN LISTS parts)
        string(FIND "${printed}" "${part}" found)
        if(found EQUAL -1)
          set(said FALSE)
        endif()
      endforeach()
    endif()
    if(NOT said)
      message(NOTICE "${printed}")
      message(FATAL_ERROR "${example}.cpp: the compiler does not say: ${words}")
    endif()
  endforeach()
endfunction()

file(READ "${source_dir}/examples/${example}.cpp" text)
set(original "${text}")

if(example STREQUAL "01_hello_transaction")
  change("received<response<180>>, received<response<200>>, sent<ack>>()"
         "received<response<180>>, sent<ack>>()")
  expect_refusal("at_step<3" "ACK before a final response to the INVITE (RFC 3261 13.2.2.4)")

elseif(example STREQUAL "02_lost_packet")
  change("instant{1500}" "instant{33'000}")
  expect_refusal("static_assert")
  set(text "${original}")
  change("invite_client::provisional, answer" "invite_client::invite_from_tu, answer")
  expect_refusal("a transaction carries one request: a new INVITE needs a new transaction \
(RFC 3261 17.1.1.2)")

elseif(example STREQUAL "03_a_whole_call")
  remove("bob -> alice: BYE")
  insert("bob -> alice: BYE" "alice -> bob: ACK")
  expect_refusal("at_step<5"
                 "BYE by the callee before the ACK to its 2xx or 64*T1 (RFC 3261 15, RFC 6026 8.7)")

elseif(example STREQUAL "04_early_media_with_prack")
  remove("bob -> alice: 200 OK (INVITE)")
  insert("bob -> alice: 200 OK (INVITE)" "alice -> bob: PRACK (rack=1)")
  expect_refusal("at_step<4" "2xx while a reliable provisional response with a session description \
is unacknowledged (RFC 3262 3, 5)")

elseif(example STREQUAL "05_ims_call_with_preconditions")
  remove("bob -> alice: 180 Ringing")
  insert("bob -> alice: 180 Ringing" "alice -> bob: UPDATE (qos=needed)")
  expect_refusal("at_step<6" "180 before the mandatory preconditions are met: the callee SHOULD NOT \
be alerted (RFC 3312 6)")

elseif(example STREQUAL "06_cancel_crossing_200")
  remove("alice -> : CANCEL #1")
  remove("-> bob: CANCEL #1")
  insert("alice -> : CANCEL #1\n-> bob: CANCEL #1" "bob -> alice: 200 OK (CANCEL)")
  expect_refusal("at_step<5" "CANCEL after a final response to the INVITE: SHOULD NOT be sent \
(RFC 3261 9.1, RFC 5407 3.1.2)")

elseif(example STREQUAL "07_forking_with_two_answers")
  remove("alice -> proxy: ACK (tag=c)")
  remove("proxy -> carol: ACK (tag=c)")
  expect_refusal("at_step<14" "the 2xx is acknowledged first: ACK, then BYE (RFC 3261 13.2.2.4)")

elseif(example STREQUAL "08_glare_and_491")
  change("\nbob -> : 491 Request Pending (INVITE) #4" "\nbob -> : 200 OK (INVITE, sdp) #4")
  change("\n-> alice: 491 Request Pending (INVITE) #4" "\n-> alice: 200 OK (INVITE, sdp) #4")
  expect_refusal("at_step<9"
                 "a 2xx to a re-INVITE that crossed ours: it is answered 491 (RFC 3261 14.2)")

elseif(example STREQUAL "09_hold_and_resume")
  change("100 Trying\nbob -> alice: 200 OK (INVITE, sdp)"
         "100 Trying\nbob -> alice: 200 OK (INVITE)")
  expect_refusal("at_step<7" "2xx without the answer to the offer in the INVITE (RFC 3261 13.3.1.4)")

elseif(example STREQUAL "10_write_your_own_rule")
  remove("bob -> alice: 200 OK (INVITE)")
  insert("bob -> alice: 200 OK (INVITE)" "alice -> bob: UPDATE (sdp)")
  expect_refusal("at_step<5" "a call is answered before an UPDATE has confirmed the session \
(Operator handbook 7.2)")
  set(text "${original}")
  change("in{unconfirmed}.on(received_answer)" "// ")
  expect_refusal("table_fault" "no_row" "unconfirmed" "received_answer")

elseif(example STREQUAL "11_print_the_figure")
  # A copy of the header that is found before the library's own.
  set(header "ctsip/transaction/invite_client.hpp")
  set(unchanged "${text}")
  file(READ "${source_dir}/include/${header}" text)
  change("in{accepted}.on(timer_m)" "// ")
  file(WRITE "${work_dir}/${header}" "${text}")
  set(text "${unchanged}")
  expect_refusal("table_fault" "no_row" "invite_client" "accepted" "timer_m")

elseif(example STREQUAL "12_two_user_agents")
  string(REGEX REPLACE "\n[^\n=]*= *alice\\.call\\(" "\n  alice.call(" text "${text}")
  expect_refusal("ignoring return value" "nodiscard")

elseif(example STREQUAL "13_registration")
  change("void on(my::registering&) {}" "void on(my::registering& r) { (void)r.refresh(now); }")
  expect_refusal("a REGISTER that changes bindings while another one is pending \
(RFC 3261 10.2, RFC 5626 4.2.1)")
  set(text "${original}")
  change("void on(my::waiting&) {}" "")
  expect_refusal("the handler set has no public on(waiting&)")

elseif(example STREQUAL "14_user_agent")
  change("void on(my::early&) {}" "")
  expect_refusal("the handler set has no public on(early&)")
  set(text "${original}")
  change("(void)call.ring(now());" "call.hang_up(now());")
  expect_refusal("BYE by the callee in an early dialog (RFC 3261 15)")

elseif(example STREQUAL "15_answer_later")
  change("{ (void)call.hang_up(now()); }" "{ (void)call.answer(session, now()); }")
  expect_refusal("a second final response to one INVITE (RFC 3261 17.2.1, RFC 6026 8.6)")

else()
  message(FATAL_ERROR "nothing is said here of how to break ${example}.cpp")
endif()
