"""The service as a process: killed, ended, copied and pressed, on both databases."""
