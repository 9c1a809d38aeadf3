/* Messages, modules, files and standard handles. */
#include <windows.h>
#include <io.h>

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

static DWORD format_va(DWORD flags, LPCWSTR source, LPWSTR out, DWORD size, ...)
{
    va_list arguments;
    DWORD length;

    va_start(arguments, size);
    length = FormatMessageW(flags, source, 0, 0, out, size, &arguments);
    va_end(arguments);
    return length;
}

TEST(message, inserts_come_from_a_list_or_an_array)
{
    WCHAR out[64];

    CHECK_EQ(format_va(FORMAT_MESSAGE_FROM_STRING, L"%2 %1!s! %3!d! %4!S!%%%!%.", out, 64, L"a",
                       L"b", -7, "n"),
             11);
    CHECK_WSTR(out, L"b a -7 n%!.");
}

TEST(message, stars_take_the_arguments_before_the_text)
{
    WCHAR out[64];
    DWORD_PTR array[] = {4, 2, (DWORD_PTR)L"Bill", (DWORD_PTR)L"Bob", 6, (DWORD_PTR)L"Bill"};

    CHECK(FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                         L"%1!*.*s! %4 %5!*s!", 0, 0, out, 64, (va_list *)array) != 0);
    CHECK_WSTR(out, L"  Bi Bob   Bill");
}

TEST(message, lines_end_as_asked)
{
    WCHAR out[64];

    CHECK(format_va(FORMAT_MESSAGE_FROM_STRING, L"a\nb%nc%0 gone", out, 64) != 0);
    CHECK_WSTR(out, L"a\r\nb\r\nc");
    CHECK(format_va(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_MAX_WIDTH_MASK, L"a\r\nb%nc\r\n",
                    out, 64) != 0);
    CHECK_WSTR(out, L"a b\r\nc ");
    CHECK(format_va(FORMAT_MESSAGE_FROM_STRING | 8, L"one two three", out, 64) != 0);
    CHECK_WSTR(out, L"one two\r\nthree");
    CHECK(format_va(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, L"%1!d! %9", out,
                    64) != 0);
    CHECK_WSTR(out, L"%1!d! %9");
}

TEST(message, system_texts_are_allocated_on_request)
{
    LPWSTR text = NULL;
    char narrow[128];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                                      FORMAT_MESSAGE_IGNORE_INSERTS,
                                  NULL, ERROR_ACCESS_DENIED, 0, (LPWSTR)&text, 0, NULL);

    CHECK_WSTR(text, L"Access is denied.\r\n");
    CHECK_EQ(length, wcslen(text));
    CHECK(LocalFree(text) == NULL);
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, HRESULT_FROM_WIN32(5), 0x409, narrow,
                         sizeof(narrow), NULL) != 0);
    CHECK_STR(narrow, "Access is denied.\r\n");
}

TEST(message, failures_have_their_documented_errors)
{
    char out[8];

#define FAILS(error, ...)                                                                          \
    do {                                                                                           \
        SetLastError(0);                                                                           \
        CHECK_EQ(FormatMessageA(__VA_ARGS__), 0);                                                  \
        CHECK_EQ(GetLastError(), error);                                                           \
    } while (0)
    FAILS(ERROR_MR_MID_NOT_FOUND, FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x12345, 0, out, 8, NULL);
    FAILS(ERROR_INSUFFICIENT_BUFFER, FORMAT_MESSAGE_FROM_SYSTEM, NULL, 5, 0, out, 8, NULL);
    FAILS(ERROR_RESOURCE_LANG_NOT_FOUND, FORMAT_MESSAGE_FROM_SYSTEM, NULL, 5, 0x407, out, 8, NULL);
    FAILS(ERROR_INVALID_PARAMETER, 0, NULL, 5, 0, out, 8, NULL);
    FAILS(ERROR_INVALID_PARAMETER, FORMAT_MESSAGE_FROM_STRING, NULL, 5, 0, out, 8, NULL);
    FAILS(ERROR_INVALID_PARAMETER, FORMAT_MESSAGE_FROM_STRING, "%1", 0, 0, out, 8, NULL);
    FAILS(ERROR_INVALID_PARAMETER, FORMAT_MESSAGE_FROM_STRING, "%", 0, 0, out, 8, NULL);
    FAILS(ERROR_MR_MID_NOT_FOUND, FORMAT_MESSAGE_FROM_HMODULE, GetModuleHandleA("kernel32.dll"),
          12002, 0, out, 8, NULL);
}

TEST(module, our_dlls_have_their_windows_names)
{
    HMODULE kernel = GetModuleHandleW(L"KERNEL32.DLL");
    HMODULE found = NULL;
    DWORD(WINAPI * last_error)(void);

    CHECK(kernel != NULL);
    CHECK(GetModuleHandleA("kernel32") == kernel);
    CHECK(LoadLibraryW(L"C:\\Windows\\System32\\kernel32.dll") == kernel);
    CHECK(FreeLibrary(kernel));
    *(void **)&last_error = (void *)GetProcAddress(kernel, "GetLastError");
    CHECK(last_error == GetLastError);
    CHECK((void *)GetProcAddress(kernel, "lstrlenW") == (void *)lstrlenW);
    CHECK(GetProcAddress(kernel, "printf") == NULL);
    CHECK_EQ(GetLastError(), ERROR_PROC_NOT_FOUND);
    CHECK(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCSTR)GetLastError, &found));
    CHECK(found == kernel);
}

TEST(module, what_does_not_exist_is_not_found)
{
    CHECK(LoadLibraryA("libc.so.6") == NULL);
    CHECK_EQ(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(GetModuleHandleW(L"nosuch.dll") == NULL);
    CHECK_EQ(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(!FreeLibrary((HMODULE)(ULONG_PTR)0x1234));
    CHECK(GetProcAddress((HMODULE)(ULONG_PTR)0x1234, "x") == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

TEST(module, the_program_knows_its_file)
{
    WCHAR path[1024], small[4];
    DWORD length = GetModuleFileNameW(NULL, path, 1024);

    CHECK(length > 3 && path[length] == 0);
    CHECK(wcsstr(path, L"compat_text_system") != NULL);
    CHECK_EQ(GetModuleFileNameW(NULL, small, 4), 4);
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(small[3], 0);
}

/* "<scratch>/<name>" in the test's width. */
static LPCWSTR scratch(LPWSTR out, const char *name)
{
    _snwprintf_s(out, 512, _TRUNCATE, L"%S\\%S", test_temp_dir(), name);
    return out;
}

TEST(file, dispositions_mean_what_they_say)
{
    WCHAR name[512];
    HANDLE file;
    DWORD written = 0, read = 0;
    char text[8] = "";

    scratch(name, "d\xC3\xA9.txt");
    CHECK(CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(file, "abcdef", 6, &written, NULL) && written == 6);
    CHECK_EQ(SetFilePointer(file, -4, NULL, FILE_END), 2);
    CHECK(ReadFile(file, text, 7, &read, NULL) && read == 4);
    CHECK_STR(text, "cdef");
    CHECK(ReadFile(file, text, 7, &read, NULL) && read == 0);
    CHECK_EQ(GetFileSize(file, NULL), 6);
    CHECK_EQ(GetFileType(file), FILE_TYPE_DISK);
    CHECK(CloseHandle(file));
    CHECK(!ReadFile(file, text, 1, &read, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_EXISTS);
    file = CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(!WriteFile(file, "x", 1, &written, NULL));
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(file));
    CHECK_EQ(GetFileAttributesW(name), INVALID_FILE_ATTRIBUTES);
    CHECK(CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_ALWAYS, FILE_FLAG_OVERLAPPED, NULL) ==
          INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_NOT_SUPPORTED);
}

TEST(file, an_overlapped_gives_the_position)
{
    WCHAR name[512];
    OVERLAPPED at = {0};
    DWORD count = 0;
    char text[4] = "";
    HANDLE file = CreateFileW(scratch(name, "o"), GENERIC_READ | GENERIC_WRITE, 0, NULL,
                              CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);

    CHECK(WriteFile(file, "0123456789", 10, &count, NULL));
    at.Offset = 3;
    CHECK(ReadFile(file, text, 3, &count, &at) && count == 3);
    CHECK_STR(text, "345");
    CHECK_EQ(SetFilePointer(file, 0, NULL, FILE_CURRENT), 6);
    at.Offset = 10;
    CHECK(!ReadFile(file, text, 3, &count, &at));
    CHECK_EQ(GetLastError(), ERROR_HANDLE_EOF);
    CHECK(CloseHandle(file));
}

TEST(file, directories_are_listed_by_pattern)
{
    WCHAR name[512], other[512];
    WIN32_FIND_DATAW data;
    HANDLE find;
    unsigned seen = 0;

    CHECK(CreateDirectoryW(scratch(name, "dir"), NULL));
    CHECK(!CreateDirectoryW(name, NULL));
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_EQ(GetFileAttributesW(name), FILE_ATTRIBUTE_DIRECTORY);
    for (int i = 0; i < 2; i++) {
        HANDLE file = CreateFileW(scratch(name, i ? "dir/One.TXT" : "dir/two.txt"), GENERIC_WRITE,
                                  0, NULL, CREATE_NEW, 0, NULL);
        CHECK(CloseHandle(file));
    }
    find = FindFirstFileW(scratch(name, "dir/*.txt"), &data);
    CHECK(find != INVALID_HANDLE_VALUE);
    do {
        seen += wcsstr(data.cFileName, L".") != NULL;
    } while (FindNextFileW(find, &data));
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK_EQ(seen, 2);
    CHECK(FindClose(find));
    CHECK(!RemoveDirectoryW(scratch(name, "dir")));
    CHECK_EQ(GetLastError(), ERROR_DIR_NOT_EMPTY);
    CHECK(MoveFileW(scratch(name, "dir/two.txt"), scratch(other, "dir/three.txt")));
    CHECK(!CopyFileW(other, scratch(name, "dir/One.TXT"), TRUE));
    CHECK(DeleteFileW(other) && DeleteFileW(scratch(name, "dir/One.TXT")));
    CHECK(RemoveDirectoryW(scratch(name, "dir")));
}

TEST(file, paths_are_texts)
{
    WCHAR out[512];
    LPWSTR part = NULL;
    char temp[512], made[MAX_PATH];

    CHECK_EQ(GetFullPathNameW(L"\\a\\.\\b\\..\\c.txt", 512, out, &part), 8);
    CHECK_WSTR(out, L"/a/c.txt");
    CHECK_WSTR(part, L"c.txt");
    CHECK_EQ(GetFullPathNameW(L"/a/c.txt", 8, out, NULL), 9);
    CHECK(GetFileAttributesA("C:\\x") == INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(GetLastError(), ERROR_PATH_NOT_FOUND);
    CHECK(GetTempPathA(sizeof(temp), temp) > 0);
    CHECK_EQ(temp[strlen(temp) - 1], '/');
    CHECK(GetTempFileNameA(test_temp_dir(), "prefix", 0, made) != 0);
    CHECK(GetFileAttributesA(made) != INVALID_FILE_ATTRIBUTES);
    CHECK(DeleteFileA(made));
}

TEST(console, standard_handles_are_files)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode;

    CHECK(out != INVALID_HANDLE_VALUE && out == GetStdHandle(STD_OUTPUT_HANDLE));
    CHECK(GetFileType(out) != FILE_TYPE_UNKNOWN);
    CHECK(GetStdHandle(7) == INVALID_HANDLE_VALUE);
    CHECK(!GetConsoleMode((HANDLE)(ULONG_PTR)0xdead, &mode));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(SetConsoleOutputCP(CP_UTF8) && !SetConsoleOutputCP(437));
}
