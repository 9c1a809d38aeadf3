# Options: through the API in both widths, and the table against header and documentation.
winposix_test(winhttp_options SOURCES winhttp_options.c winhttp_options_single.c winhttp_timeouts.c
              LIBS winhttp WIDTHS)

add_executable(winhttp_option_docs option_docs.c)
winposix_target(winhttp_option_docs)
target_include_directories(winhttp_option_docs PRIVATE ${PROJECT_SOURCE_DIR}
                                                       ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(winhttp_option_docs PRIVATE winhttp_internals)
add_test(NAME winhttp_option_docs
         COMMAND winhttp_option_docs ${PROJECT_SOURCE_DIR}/docs/compatibility.md
                                     ${PROJECT_SOURCE_DIR}/include/winhttp.h)
set_tests_properties(winhttp_option_docs PROPERTIES LABELS unit
                     ENVIRONMENT "${WINPOSIX_TEST_ENVIRONMENT}")

# Certificates: stores, contexts, names, chains.
winposix_test(wincrypt SOURCES wincrypt.c wincrypt_odd.c LIBS test_recorder OpenSSL::Crypto WIDTHS)
