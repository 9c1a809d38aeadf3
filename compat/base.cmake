# Sources of wincompat behind errors, handles, waits, threads, locks, memory, time, the system and
# what refuses. Included by CMakeLists.txt of this folder, which sets WINCOMPAT_OS.
set(WINCOMPAT_BASE_ONCE
    src/blocking.c src/clock.c src/com.c src/critical_section.c src/dispatch.c src/environment.c
    src/global.c src/handle.c src/heap.c src/init_once.c src/last_error.c src/process.c
    src/security.c src/slots.c src/srw_lock.c src/sync.c src/sync_ansi.c src/system.c src/thread.c
    src/threadpool.c src/time.c src/unavailable.c src/uuid.c src/wait.c src/wait_on_address.c src/winsock.c
    src/${WINCOMPAT_OS}/os.c src/${WINCOMPAT_OS}/park.c)

set(WINCOMPAT_BASE_BOTH_WIDTHS
    src/security_wide.c src/sync_wide.c src/system_wide.c src/unavailable_wide.c src/uuid_wide.c)

if(WINCOMPAT_OS STREQUAL linux)
    # Linked at start-up, so its few bytes of thread-local storage can have fixed offsets.
    set_source_files_properties(src/last_error.c PROPERTIES COMPILE_OPTIONS
                                -ftls-model=initial-exec)
endif()
