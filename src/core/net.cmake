# The engine's sources for names, sockets and TLS. Sets WH_NET_SOURCES (absolute paths),
# WH_NET_INCLUDES and WH_NET_LIBS; the platform's socket calls are picked here, once.
find_package(OpenSSL 3.0 REQUIRED)

set(WH_NET_SOURCES
    ${PROJECT_SOURCE_DIR}/compat/net/socket.c
    ${CMAKE_CURRENT_LIST_DIR}/net/addr.c
    ${CMAKE_CURRENT_LIST_DIR}/net/resolve.c
    ${CMAKE_CURRENT_LIST_DIR}/net/thread.c
    ${CMAKE_CURRENT_LIST_DIR}/net/cert.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_config.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_context.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_info.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_session.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_staple.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_trust.c
    ${CMAKE_CURRENT_LIST_DIR}/net/tls_verify.c)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    list(APPEND WH_NET_SOURCES ${PROJECT_SOURCE_DIR}/compat/net/linux.c
        ${PROJECT_SOURCE_DIR}/compat/net/lock_linux.c)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
    list(APPEND WH_NET_SOURCES ${PROJECT_SOURCE_DIR}/compat/net/darwin.c
        ${PROJECT_SOURCE_DIR}/compat/net/lock_darwin.c)
else()
    message(FATAL_ERROR "winhttp-posix runs on Linux and macOS, not on ${CMAKE_SYSTEM_NAME}")
endif()

if(WINHTTP_CHAOS)
    list(APPEND WH_NET_SOURCES ${PROJECT_SOURCE_DIR}/compat/net/chaos.c)
endif()

# "core/net/tls.h" and "compat/net/socket.h" are how the headers are named.
set(WH_NET_INCLUDES ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
set(WH_NET_LIBS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
