/* strsafe_ansi.c - strsafe.h for char. */
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <strsafe.h>
#include <winerror.h>

#include <stdbool.h>
#include <string.h>

#define ELEMENT   char
#define CCH(name) StringCch##name##A
#define CB(name)  StringCb##name##A
#define GET_LINE  fgets
#include "strsafe.inc"
