# websocket.h: its functions, and the conformance cases in both roles.
add_library(test_websocket STATIC websocket_kit.c websocket_actions.c)
winposix_target(test_websocket)
target_link_libraries(test_websocket PUBLIC websocket test_support)

foreach(subject handle handshake send receive queues cases)
    winposix_test(websocket_${subject} SOURCES websocket_${subject}.c LIBS test_websocket test_ws)
endforeach()

winposix_test(websocket_memory SOURCES websocket_memory.c websocket_kit.c
              LIBS websocket_internals)

get_target_property(kind websocket TYPE)
if(kind STREQUAL "SHARED_LIBRARY")
    winposix_test(websocket_header SOURCES websocket_header.c websocket_header.cc
                  LIBS websocket ${CMAKE_DL_LIBS} WIDTHS)
    foreach(width "" _utf16)
        target_compile_definitions(websocket_header${width} PRIVATE
            WEBSOCKET_LIBRARY="$<TARGET_FILE:websocket>")
    endforeach()
    if(NOT APPLE)
        # It is a codec: whoever links it gets neither libuv nor OpenSSL with it.
        find_program(READELF_PROGRAM readelf)
        if(READELF_PROGRAM)
            add_test(NAME websocket_needs_nothing
                     COMMAND ${READELF_PROGRAM} -d $<TARGET_FILE:websocket>)
            set_tests_properties(websocket_needs_nothing PROPERTIES LABELS unit
                PASS_REGULAR_EXPRESSION "libc[.]so"
                FAIL_REGULAR_EXPRESSION "libuv|libssl|libcrypto|libwinhttp")
        endif()
    endif()
endif()
