# Tests of wincompat's handles, waits, threads, locks, memory, time and system.
winposix_test(unit_compat_wait SOURCES compat_wait.c LIBS wincompat WIDTHS)
winposix_test(unit_compat_address SOURCES compat_address.c LIBS wincompat WIDTHS)
winposix_test(unit_compat_thread SOURCES compat_thread.c LIBS wincompat)
target_include_directories(unit_compat_thread PRIVATE ${PROJECT_SOURCE_DIR}/compat/src)
winposix_test(unit_compat_base SOURCES compat_base.c LIBS wincompat WIDTHS)
winposix_test(unit_compat_cxx SOURCES compat_cxx.cc compat_cxx_after.cc LIBS wincompat)
