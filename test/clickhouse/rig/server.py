"""A ClickHouse server out of the library that chDB brings: server.py LIBRARY ARGUMENT...

The library holds the whole of ClickHouse; its entry for command lines takes the arguments of `clickhouse local`, which can listen as a server does
(SYSTEM START LISTEN). It wants the stack of a process's first thread, which is why this is no thread of Node's.
"""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1

# Ends with the process that started it, however that ends.
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

library = ctypes.CDLL(sys.argv[1])
words = [b"clickhouse", *(word.encode() for word in sys.argv[2:])]
library.chdb_query_cmdline.restype = ctypes.c_void_p
library.chdb_result_error.restype = ctypes.c_char_p
library.chdb_result_error.argtypes = [ctypes.c_void_p]
result = library.chdb_query_cmdline(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None))
sys.exit((library.chdb_result_error(result) or b"ended").decode())
