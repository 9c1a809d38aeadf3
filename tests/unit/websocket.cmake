# websocket.h: its functions, and the conformance cases in both roles.
add_library(test_websocket STATIC websocket_kit.c)
winposix_target(test_websocket)
target_link_libraries(test_websocket PUBLIC websocket test_support)

foreach(subject handle handshake actions cases)
    winposix_test(websocket_${subject} SOURCES websocket_${subject}.c LIBS test_websocket test_ws)
endforeach()
