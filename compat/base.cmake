# Sources of wincompat behind errors, handles, waits, threads, locks, memory and time.
file(GLOB WINCOMPAT_ALL_FILES RELATIVE ${CMAKE_CURRENT_LIST_DIR} src/*.c src/${WINCOMPAT_OS}/*.c)
set(WINCOMPAT_BASE_ONCE ${WINCOMPAT_ALL_FILES})
set(WINCOMPAT_BASE_BOTH_WIDTHS src/sync_wide.c)
list(REMOVE_ITEM WINCOMPAT_BASE_ONCE ${WINCOMPAT_TEXT_ONCE} ${WINCOMPAT_TEXT_BOTH_WIDTHS}
                                     ${WINCOMPAT_BASE_BOTH_WIDTHS})
