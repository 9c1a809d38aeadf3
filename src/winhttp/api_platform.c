/* api_platform.c - WinHttpCheckPlatform: this build runs where it was built for. */
#include "winhttp/object.h"

BOOL WINAPI WinHttpCheckPlatform(void)
{
    return wh_api_result(ERROR_SUCCESS);
}
