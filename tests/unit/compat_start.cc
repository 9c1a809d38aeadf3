// wmain is called with the arguments in the program's width. Built once per parameter list, width
// and way of starting; the exit status is the verdict.
#include <windows.h>

#ifdef START_WITH_ENVIRONMENT
#define START_PARAMETERS int argc, wchar_t **argv, wchar_t **environment
#define START_MORE       (environment != nullptr && environment[0] != nullptr)
#else
#define START_PARAMETERS int argc, wchar_t **argv
#define START_MORE       true
#endif

int wmain(START_PARAMETERS)
{
    bool right = argc == 3 && argv[3] == nullptr && START_MORE &&
                 wcscmp(argv[1], L"\u00e9\U0001F600") == 0 && wcscmp(argv[2], L"b") == 0;

    return right ? 0 : 1;
}
