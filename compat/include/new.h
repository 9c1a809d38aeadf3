/* new.h - the name under which Microsoft's C++ library also offers <new>. */
#ifndef _INC_NEW
#define _INC_NEW
#ifdef __cplusplus
#include <new>
#endif
#endif
