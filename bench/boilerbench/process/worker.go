// The program around the extract.go of one Go runner, which it gives pages: what worker.py is for Python.
// The protocol is that of protocol.py. Arguments: the module that the runner is named for, its options as JSON.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

const protocol = 1

type message = map[string]any

func main() {
	runtime.GOMAXPROCS(1) // a child has one core, as OMP_NUM_THREADS=1 tells others
	requests, replies := bufio.NewReader(os.Stdin), os.Stdout
	os.Stdout = os.Stderr // what a library prints is no reply
	send := func(said message) {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(said); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		replies.Write(line.Bytes())
	}
	var options message
	if err := json.Unmarshal([]byte(os.Args[2]), &options); err != nil {
		send(message{"protocol": protocol, "error": err.Error()})
		return
	}
	version := versionOf(os.Args[1])
	send(message{"protocol": protocol, "name": os.Args[1], "version": version, "framed": true, "replaces": true})
	for {
		line, err := requests.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked struct {
			ID, Bytes int
			URL       string
		}
		json.Unmarshal(line, &asked)
		page := make([]byte, asked.Bytes)
		io.ReadFull(requests, page)
		reply := ask(strings.ToValidUTF8(string(page), "\uFFFD"), asked.URL, options)
		reply["id"] = asked.ID
		send(reply)
	}
}

// ask runs the extractor on one page and times the call alone; a panic fails that page.
func ask(html, url string, options message) (reply message) {
	defer func() {
		if cause := recover(); cause != nil {
			reply = message{"error": fmt.Sprint("panic: ", cause)}
		}
	}()
	measurable := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
	cpu, begin := cpuSeconds(), time.Now()
	found, err := extract(html, url, options)
	seconds, used := time.Since(begin).Seconds(), cpuSeconds()-cpu
	if err != nil {
		return message{"error": err.Error()}
	}
	reply = message{"text": nil, "seconds": seconds, "cpu": used}
	for key, value := range found {
		reply[key] = value
	}
	if measurable {
		reply["peak"] = peakMemory()
	}
	return reply
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

// peakMemory is what Linux has seen at most since clear_refs was written, in bytes.
func peakMemory() any {
	status, _ := os.ReadFile("/proc/self/status")
	_, found, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	if _, err := fmt.Sscan(found, &kilobytes); err != nil {
		return nil
	}
	return kilobytes * 1024
}

// versionOf is the version of a module that this program was built with.
func versionOf(module string) string {
	about, _ := debug.ReadBuildInfo()
	for _, each := range about.Deps {
		if each.Path == module {
			return strings.TrimPrefix(each.Version, "v")
		}
	}
	return ""
}
