/* text.h - UTF-8 to WCHAR and back, for tests, in the width of the test program.
 *
 * Written again here, so that the library's own conversion is not tested with itself.
 */
#ifndef TEST_SUPPORT_TEXT_H
#define TEST_SUPPORT_TEXT_H

#include <windows.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `text`, at most `size` bytes of it with the NUL, as UTF-8. */
void text_narrow(char *out, size_t size, const WCHAR *text);

/* `text` (valid UTF-8) as a wide string: in one of 16 buffers of the calling thread, used in turn. */
const WCHAR *text_wide(const char *text);

/* Length in characters, as wcslen, which belongs to one width only. */
size_t text_length(const WCHAR *text);

#ifdef __cplusplus
}
#endif
#endif
