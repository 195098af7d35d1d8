@echo off
rem Starts the app on Windows: a double click is enough. SFERUM_ADDRESS=0.0.0.0 opens it to the office network.
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
where py >nul 2>nul
if errorlevel 1 (python scripts\run.py %*) else (py -3 scripts\run.py %*)
if errorlevel 1 pause
