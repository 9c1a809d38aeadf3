# Tests of names, sockets and TLS, over socket pairs and the loopback only.
if(NOT DEFINED WH_NET_SOURCES)
    include(${PROJECT_SOURCE_DIR}/src/core/net.cmake)
endif()

# The parts alone, so that hidden symbols can be reached.
add_library(net_parts STATIC ${WH_NET_SOURCES}
    ${PROJECT_SOURCE_DIR}/src/core/base/alloc.c ${PROJECT_SOURCE_DIR}/src/core/base/error.c
    ${PROJECT_SOURCE_DIR}/src/core/base/clock.c ${PROJECT_SOURCE_DIR}/src/core/base/text.c)
winposix_target(net_parts)
target_include_directories(net_parts PUBLIC ${WH_NET_INCLUDES})
target_link_libraries(net_parts PUBLIC ${WH_NET_LIBS})

winposix_test(unit_net_addr SOURCES net_addr.c LIBS net_parts)
winposix_test(unit_net_lock SOURCES net_lock.c LIBS net_parts)
winposix_test(unit_net_socket SOURCES net_socket.c LIBS net_parts)
winposix_test(unit_net_resolve SOURCES net_resolve.c LIBS net_parts)
winposix_test(unit_net_cert SOURCES net_cert.c LIBS net_parts test_server)
winposix_test(unit_net_tls SOURCES net_tls.c net_link.c LIBS net_parts test_server)
winposix_test(unit_net_tls_verify SOURCES net_tls_verify.c net_link.c LIBS net_parts test_server)
