# websocket.h: its functions, and the conformance cases in both roles.
add_library(test_websocket STATIC websocket_kit.c)
winposix_target(test_websocket)
target_link_libraries(test_websocket PUBLIC websocket test_support)

winposix_test(websocket_cases SOURCES websocket_cases.c LIBS test_websocket test_ws)
