// Package service is what every Go service of a recording needs: how it talks with the script that records it
// (see harness/service-protocol.mjs), and its telemetry.
package service

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// Command is one line that the script told the service.
type Command struct {
	Command string `json:"command"`
	Order   string `json:"order"`
}

// Say tells the script that something happened: "ready" once the service may be used, "done" with the order that it handled.
func Say(what, order string) {
	line, _ := json.Marshal(map[string]string{"what": what, "order": order})
	fmt.Printf("@said %s\n", line)
}

// Commands yields what the script tells, and ends with "stop".
func Commands() <-chan Command {
	commands := make(chan Command)
	go func() {
		defer close(commands)
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			var command Command
			if json.Unmarshal(lines.Bytes(), &command) != nil || command.Command == "stop" {
				return
			}
			commands <- command
		}
	}()
	return commands
}
