# Sources of wincompat behind text, the C library additions, messages, modules, files, consoles.
# Included by CMakeLists.txt of this folder.
if(APPLE)
    set(WINCOMPAT_TEXT_OS src/darwin/program_path.c)
    # What LoadLibrary("winhttp.dll") opens when the program has not linked it.
    set_source_files_properties(src/module.c PROPERTIES
        COMPILE_DEFINITIONS "WINPOSIX_WINHTTP_FILE=\"libwinhttp.0.dylib\"")
else()
    set(WINCOMPAT_TEXT_OS src/linux/program_path.c)
endif()

set(WINCOMPAT_TEXT_ONCE
    src/utf.c src/casemap.c src/format.c src/crt_print.c src/scan.c
    src/crt_string.c src/crt_stdlib.c src/crt_io.c src/crt_assert.c src/conio_keys.c
    src/codepage.c src/collate.c src/usertext_ansi.c src/strsafe_ansi.c
    src/file.c src/file_path.c src/file_names.c src/find.c src/console.c src/message.c src/message_table.c src/module.c src/libloader.c
    ${WINCOMPAT_TEXT_OS})

set(WINCOMPAT_TEXT_BOTH_WIDTHS
    src/crt_stdio.c src/crt_scan.c src/crt_string_wide.c src/crt_wchar.c src/crt_stdlib_wide.c
    src/crt_io_wide.c src/conio_wide.c src/convert.c src/compare.c src/usertext_wide.c
    src/strsafe_wide.c src/file_wide.c src/console_wide.c src/format_message.c src/libloader_wide.c)
