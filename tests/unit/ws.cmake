# The WebSocket codec's tests, on the codec alone: that it links shows that it needs nothing else.
include(${PROJECT_SOURCE_DIR}/src/core/ws.cmake)

list(APPEND WH_WS_TEST_SOURCES ${WH_WS_SOURCES} ${WH_WS_MASK_WAYS} ${WH_WS_BASE_SOURCES})
list(REMOVE_DUPLICATES WH_WS_TEST_SOURCES)
add_library(test_ws_codec STATIC ${WH_WS_TEST_SOURCES})
winposix_target(test_ws_codec)
target_include_directories(test_ws_codec PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_link_libraries(test_ws_codec PUBLIC Threads::Threads)
if(WH_HAS_VECTOR16)
    target_compile_definitions(test_ws_codec PUBLIC TEST_HAS_VECTOR16)
endif()
if(WH_WS_MASK_PICK STREQUAL "x86")
    target_compile_definitions(test_ws_codec PUBLIC TEST_HAS_AVX)
endif()

foreach(subject accept frame key_pool mask utf8)
    winposix_test(ws_${subject}_test SOURCES ws_${subject}_test.c LIBS test_ws_codec LABELS codecs)
endforeach()
foreach(subject cases receiver sender)
    winposix_test(ws_${subject}_test SOURCES ws_${subject}_test.c ws_seen.c LIBS test_ws_codec
                  LABELS codecs)
endforeach()
